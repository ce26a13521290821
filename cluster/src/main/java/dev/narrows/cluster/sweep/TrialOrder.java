package dev.narrows.cluster.sweep;

import dev.narrows.experiments.sweep.ProgramStart;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an executor needs to know to start a trial.
 *
 * @param run the run folder, absolute
 * @param mark of the sweep's folder
 * @param program the driver's own, used where a machine names no Narrows of its own
 * @param words after the program's name
 * @param dataRoots the driver's {@code NARROWS_DATA}, used where a machine has none; empty if the
 *     driver has none
 */
record TrialOrder(
    String run, SharedMark mark, ProgramStart program, List<String> words, String dataRoots)
    implements Serializable {
  /** Names the folder of a machine's own Narrows. */
  static final String HOME = "NARROWS_HOME";

  private static final String DATA = "NARROWS_DATA";

  /** Copies the words. */
  TrialOrder {
    words = List.copyOf(words);
  }

  /**
   * The command on this machine: the launcher in {@code NARROWS_HOME}, or else the driver's own
   * Java, flags and class path.
   *
   * @param machine what it is called in the error
   * @param environment of this machine
   * @throws IOException if something of it is not here
   */
  List<String> command(String machine, Map<String, String> environment) throws IOException {
    String home = environment.getOrDefault(HOME, "");
    if (!home.isBlank()) {
      Path launcher = Path.of(home, "narrows");
      if (!Files.isExecutable(launcher)) {
        throw new IOException(
            "%s: %s is %s, where there is no launcher \"narrows\"".formatted(machine, HOME, home));
      }
      List<String> command = new ArrayList<>(List.of(launcher.toString()));
      command.addAll(words);
      return command;
    }
    requireHere(machine, program.java());
    for (String part : program.classPath().split(java.io.File.pathSeparator)) {
      requireHere(machine, part.endsWith("*") ? part.substring(0, part.length() - 1) : part);
    }
    return program.command(words);
  }

  private static void requireHere(String machine, String path) throws IOException {
    if (!path.isEmpty() && !Files.exists(Path.of(path))) {
      throw new IOException(
          "%s has no %s, which the driver starts trials with: install Narrows at the same place, or"
                  .formatted(machine, path)
              + " set %s there to the folder that has it".formatted(HOME));
    }
  }

  /**
   * The environment of the process: this machine's, with roots of data sets and the way that
   * libtorch's threads wait, without secrets of the cluster.
   */
  void complete(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(
            key -> key.toUpperCase(Locale.ROOT).contains("SECRET") && key.matches("_?SPARK_.*"));
    if (!dataRoots.isEmpty()) {
      environment.putIfAbsent(DATA, dataRoots);
    }
    environment.putIfAbsent("OMP_WAIT_POLICY", "passive");
  }
}
