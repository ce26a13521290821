package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.ProgramStart;
import dev.narrows.experiments.sweep.TrialLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a trial as this very program: the same JVM, flags and class path.
 *
 * @param beside what paths in the base recipe are relative to
 */
record TrialCommandLine(Path beside, Optional<Path> dataRoot) implements TrialLauncher {
  @Override
  public Process start(PlannedTrial trial, Path run, Path log) throws IOException {
    Files.writeString(
        log,
        Files.exists(log) ? "\n" + TrialLauncher.SEPARATOR : "",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return new ProcessBuilder(program().command(words(trial, run)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** The same by paths that other machines understand too. */
  TrialCommandLine absolute() {
    return new TrialCommandLine(
        beside.toAbsolutePath().normalize(),
        dataRoot.map(root -> root.toAbsolutePath().normalize()));
  }

  /** This program. */
  static ProgramStart program() {
    return ProgramStart.ofThisProcess(Narrows.class);
  }

  /** What follows the program's name. */
  List<String> words(PlannedTrial trial, Path run) {
    List<String> words = new ArrayList<>(List.of("sweep", "trial", run.toString()));
    words.addAll(List.of("--beside", beside.toString()));
    dataRoot.ifPresent(root -> words.addAll(List.of("--data-root", root.toString())));
    for (Summation accumulator : trial.accumulators()) {
      words.addAll(List.of("--accumulator", accumulator.toString()));
    }
    return words;
  }
}
