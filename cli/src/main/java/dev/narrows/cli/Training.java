package dev.narrows.cli;

import dev.narrows.cli.terminal.Interruption;
import dev.narrows.cli.terminal.Terminal;
import dev.narrows.cli.terminal.TrainingProgress;
import dev.narrows.experiments.mlflow.MlflowSink;
import dev.narrows.experiments.mlflow.MlflowTraining;
import dev.narrows.experiments.mlflow.RunStatus;
import dev.narrows.experiments.pipeline.NotCertifiedException;
import dev.narrows.experiments.pipeline.RecipeRun;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.EvaluationResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What the commands that train have in common: a trainer, a display, and Ctrl-C. */
final class Training {
  private Training() {}

  /** Work that may train. */
  @FunctionalInterface
  interface Work {
    /** Does the work; trains with {@code trainer}, tells {@code progress}. */
    void run(Trainer trainer, TrainingProgress progress) throws IOException;
  }

  /**
   * {@link #finish(Commands, TrainingRun, Path, int, FormatOptions, Optional)}, told to nobody
   * else.
   */
  static int finish(
      Commands commands, TrainingRun run, Path folder, int threads, FormatOptions formats)
      throws IOException {
    return finish(commands, run, folder, threads, formats, Optional.empty());
  }

  /**
   * Brings a recipe to its end in a run folder; prints the results and makes the report.
   *
   * @param sink hears of it, too, and is finished in the end
   */
  static int finish(
      Commands commands,
      TrainingRun run,
      Path folder,
      int threads,
      FormatOptions formats,
      Optional<MlflowSink> sink)
      throws IOException {
    return run(
        commands.terminal(),
        (trainer, progress) -> {
          RunStatus end = RunStatus.FAILED;
          Optional<MlflowTraining> told =
              sink.map(one -> new MlflowTraining(one, folder, progress));
          TrainingListener listener = told.<TrainingListener>map(one -> one).orElse(progress);
          try {
            EvaluationResult result;
            try (ScanProgress scan = new ScanProgress(commands.terminal(), progress::cancelled)) {
              result =
                  new RecipeRun(run, trainer, folder, commands.arguments())
                      .finish(threads, listener, scan);
            }
            formats.print(commands.terminal(), result);
            commands.terminal().note("run folder: " + folder);
            ReportFiles.html(commands.terminal(), run.recipe().name(), folder);
            end = RunStatus.FINISHED;
          } catch (NotCertifiedException e) {
            end = RunStatus.FINISHED; // that is an answer, too
            throw e;
          } finally {
            RunStatus last = progress.cancelled() ? RunStatus.KILLED : end;
            told.ifPresent(one -> one.ended(last));
            sink.ifPresent(one -> MlflowOptions.finish(one, last, progress::note));
          }
        });
  }

  /**
   * Does the work; Ctrl-C stops it after a checkpoint.
   *
   * @throws TrainingException if there is no trainer on the class path
   */
  static int run(Terminal terminal, Work work) throws IOException {
    Optional<Trainer> trainer = Trainer.find();
    if (trainer.isEmpty()) {
      throw new TrainingException(
          "no trainer on the class path; start training through ./narrows, which builds it");
    }
    try (Interruption interruption = new Interruption()) {
      try (TrainingProgress progress = new TrainingProgress(terminal, interruption::asked)) {
        work.run(trainer.get(), progress);
        return ExitCode.DONE;
      } catch (TrainingCancelledException e) {
        terminal.note("narrows: " + e.getMessage());
        return ExitCode.INTERRUPTED;
      } catch (IOException | RuntimeException e) {
        if (interruption.asked()) { // other hooks of the JVM's end may have taken files away
          terminal.note("narrows: interrupted; the same command resumes the run");
          return ExitCode.INTERRUPTED;
        }
        throw e;
      }
    }
  }
}
