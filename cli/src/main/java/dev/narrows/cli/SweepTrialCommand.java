package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.sweep.SweepFolder;
import dev.narrows.experiments.sweep.TrialMeasurement;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code sweep trial}: what a sweep starts for each trial, not meant for people. Trains the recipe
 * in a run folder with {@code train}, then measures the network into {@code trial.json}. Ends when
 * standard input does, so that no trial outlives its sweep, however that ended.
 */
@Command(name = "trial", hidden = true, description = "One trial; started by a sweep.")
final class SweepTrialCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The run folder, with its recipe.")
  private Path folder = Path.of("");

  @Option(names = "--beside", required = true, paramLabel = "DIR", description = "As for train.")
  private Path beside = Path.of("");

  @Option(names = "--accumulator", paramLabel = "TEXT", description = "Evaluated in these.")
  private List<String> accumulators = new ArrayList<>();

  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  private final Commands commands;

  SweepTrialCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Thread.ofPlatform().daemon().name("parent").start(SweepTrialCommand::endWithParent);
    RunFolder run = RunFolder.open(folder);
    int threads = run.recipe().threads();
    int trained = train(threads);
    if (trained != ExitCode.DONE && trained != ExitCode.NOT_GUARANTEED) {
      return trained;
    }
    List<Summation> registers =
        accumulators.stream().flatMap(text -> Summation.parseWidths(text).stream()).toList();
    try (ScanProgress scan = new ScanProgress(commands.terminal())) {
      SweepTrial before = SweepFolder.read(folder);
      SweepTrial.TrialFigures figures =
          new TrialMeasurement(run, roots.roots(), threads, scan)
              .figures(registers, before.figures());
      boolean uncertified =
          trained == ExitCode.NOT_GUARANTEED || before.status().equals(SweepTrial.UNCERTIFIED);
      SweepFolder.write(
          folder,
          before.with(
              uncertified ? SweepTrial.UNCERTIFIED : SweepTrial.DONE,
              uncertified ? before.error() : Optional.empty(),
              Optional.of(figures)));
      return uncertified ? ExitCode.NOT_GUARANTEED : ExitCode.DONE;
    }
  }

  private int train(int threads) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                folder.resolve("recipe.yaml").toString(),
                "--out",
                folder.toString(),
                "--beside",
                beside.toString(),
                "--threads",
                Integer.toString(threads)));
    roots.explicit().ifPresent(root -> words.addAll(List.of("--data-root", root.toString())));
    return Narrows.run(commands.terminal(), words.toArray(String[]::new));
  }

  /** The sweep writes nothing; the stream ends when the sweep closes it, or when it is no more. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // nothing is expected
      }
    } catch (IOException gone) {
      // the same
    }
    System.exit(ExitCode.INTERRUPTED); // training's shutdown hook saves a checkpoint first
  }
}
