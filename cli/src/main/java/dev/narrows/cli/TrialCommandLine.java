package dev.narrows.cli;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.TrialLauncher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-agentlib:")) // a debugger listens once
        .forEach(words::add);
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(Narrows.class.getName(), "sweep", "trial", run.toString()));
    words.addAll(List.of("--beside", beside.toString()));
    dataRoot.ifPresent(root -> words.addAll(List.of("--data-root", root.toString())));
    for (Summation accumulator : trial.accumulators()) {
      words.addAll(List.of("--accumulator", accumulator.toString()));
    }
    Files.writeString(
        log,
        Files.exists(log) ? "\n" + TrialLauncher.SEPARATOR : "",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
