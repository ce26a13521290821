package dev.narrows.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command as a process of its own: a user waits for its start and its compiler too.
 *
 * @param seconds on the clock
 * @param residentMegabytes the most memory that it held; empty where the system does not tell
 * @param said on standard output
 */
record ChildCommand(
    int exitCode, double seconds, OptionalInt residentMegabytes, String said, String complaint) {
  private static final long LOOK_MILLIS = 25;

  /**
   * Runs a command line to its end.
   *
   * @param line the program and its words
   */
  static ChildCommand run(List<String> line) throws IOException {
    Path out = Files.createTempFile("narrows-bench", ".out");
    Path err = Files.createTempFile("narrows-bench", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
      long start = System.nanoTime();
      Process process = builder.start();
      OptionalInt resident = OptionalInt.empty();
      try {
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          OptionalInt seen = resident(process.pid());
          resident = seen.isPresent() ? seen : resident; // the figure only ever grows
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a command was measured", e);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new ChildCommand(
          process.exitValue(), seconds, resident, Files.readString(out), complaint(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /**
   * This program's own command line, with the JVM, flags and class path of this process.
   *
   * @param main the class that takes the words
   */
  static List<String> ofThisProgram(String main, List<String> words) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-agentlib:")) // a debugger listens once
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    line.addAll(words);
    return line;
  }

  /** The peak that Linux keeps for each process. */
  private static OptionalInt resident(long process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(process), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst();
    } catch (IOException | RuntimeException noSuchFileOrJustEnded) {
      return OptionalInt.empty();
    }
  }

  private static String complaint(Path err) throws IOException {
    Optional<String> last =
        Files.readAllLines(err).stream()
            .filter(line -> line.startsWith("narrows: "))
            .reduce((before, after) -> after);
    return last.map(line -> line.substring("narrows: ".length())).orElse("");
  }
}
