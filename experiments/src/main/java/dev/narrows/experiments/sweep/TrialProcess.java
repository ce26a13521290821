package dev.narrows.experiments.sweep;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One trial at work in a process of its own. */
final class TrialProcess {
  private static final int NOT_GUARANTEED = 3;
  private static final long ORPHAN_PATIENCE_NANOS = 60_000_000_000L;

  private final PlannedTrial trial;
  private final Path run;
  private final Process process;

  private TrialProcess(PlannedTrial trial, Path run, Process process) {
    this.trial = trial;
    this.run = run;
    this.process = process;
  }

  /**
   * Prepares the run folder and starts.
   *
   * @throws BadInputException if the folder is another run's, or a process of an earlier sweep
   *     keeps working in it
   */
  static TrialProcess start(SweepFolder folder, PlannedTrial trial, TrialLauncher launcher)
      throws IOException, InterruptedException {
    Path run = folder.trial(trial);
    RunFolder prepared = RunFolder.create(run, trial.recipe());
    awaitOrphan(prepared);
    if (folder.known(trial).figures().isEmpty()) { // else only measurements are missing
      SweepFolder.write(run, trial.pending());
    }
    return new TrialProcess(trial, run, launcher.start(trial, run, run.resolve("log.txt")));
  }

  /** The process of a killed sweep notices within seconds, and first saves its checkpoint. */
  private static void awaitOrphan(RunFolder folder) throws IOException, InterruptedException {
    long until = System.nanoTime() + ORPHAN_PATIENCE_NANOS;
    while (true) {
      try (FolderLock _ = folder.lock()) {
        return;
      } catch (BadInputException busy) {
        if (System.nanoTime() > until) {
          throw busy;
        }
        Thread.sleep(200);
      }
    }
  }

  PlannedTrial trial() {
    return trial;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Epochs in {@code metrics.csv}. */
  int epochs() {
    try {
      Path metrics = run.resolve("metrics.csv");
      return Files.isRegularFile(metrics) ? Files.readAllLines(metrics).size() - 1 : 0;
    } catch (IOException beingReplaced) {
      return 0;
    }
  }

  /** Asks the process to end after a checkpoint: its parent has nothing more to say. */
  void askToStop() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyClosed) {
      // then it has noticed
    }
  }

  /** Waits for the end, at most so long, then ends it by force. */
  void awaitEnd(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** What became of it, once it has ended; a failure is stored beside the run. */
  SweepTrial row(boolean interrupted) throws IOException {
    SweepTrial stored = SweepFolder.read(run);
    int code = process.exitValue();
    if ((code == 0 || code == NOT_GUARANTEED)
        && SweepFolder.finished(stored, trial.accumulators())) {
      return code == 0 ? asPlanned(stored) : uncertified(stored);
    }
    if (interrupted) {
      return trial.pending().with(SweepTrial.PENDING, Optional.empty(), stored.figures());
    }
    SweepTrial failed =
        trial.pending().with(SweepTrial.FAILED, Optional.of(error(code)), stored.figures());
    SweepFolder.write(run, failed);
    return failed;
  }

  private SweepTrial asPlanned(SweepTrial stored) {
    return trial.pending().with(stored.status(), stored.error(), stored.figures());
  }

  private SweepTrial uncertified(SweepTrial stored) throws IOException {
    String why = stored.error().isPresent() ? stored.error().get() : error(NOT_GUARANTEED);
    SweepTrial row =
        trial.pending().with(SweepTrial.UNCERTIFIED, Optional.of(why), stored.figures());
    SweepFolder.write(run, row);
    return row;
  }

  /** The last thing the command said of itself, or how the process ended. */
  private String error(int code) throws IOException {
    Path log = run.resolve("log.txt");
    String ending =
        code > 128
            ? "ended by signal " + (code - 128) + "; see " + log.getFileName() + " in " + run
            : "exit code " + code + "; see " + log.getFileName() + " in " + run;
    if (!Files.isRegularFile(log)) {
      return ending;
    }
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    String last = text.substring(text.lastIndexOf(TrialLauncher.SEPARATOR) + 1);
    return last.lines()
        .filter(line -> line.startsWith("narrows: "))
        .reduce((before, after) -> after)
        .map(line -> line.substring("narrows: ".length()))
        .orElse(ending);
  }
}
