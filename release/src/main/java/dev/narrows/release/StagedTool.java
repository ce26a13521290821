package dev.narrows.release;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tool in a release's folder, started to make what the release carries besides.
 *
 * @param stage the folder, with runtime and jars
 */
record StagedTool(Path stage) {
  private static final String MAIN = "dev.narrows.cli.Narrows";

  /**
   * Runs a command in the folder.
   *
   * @param what for errors
   * @param words the command's
   * @return what it printed
   */
  String print(String what, String... words) throws IOException {
    Path out = Files.createTempFile("narrows", ".out");
    try {
      run(what, List.of(), List.of(), words(words), Optional.empty(), Optional.of(out));
      return Files.readString(out);
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /** The main class and a command's words. */
  static List<String> words(String... words) {
    List<String> all = new ArrayList<>(List.of(MAIN));
    all.addAll(List.of(words));
    return all;
  }

  /**
   * Runs the release's own JVM in the folder. The class path is relative, so that nothing tells
   * where it was.
   *
   * @param what for errors
   * @param before a command that runs what follows it
   * @param options the JVM's, after those that every command has
   * @param words a main class and its words, or nothing
   * @param input empty for none
   * @param output where standard output goes, empty for nowhere
   * @throws ReleaseException if it fails, with the end of what it said
   */
  void run(
      String what,
      List<String> before,
      List<String> options,
      List<String> words,
      Optional<Path> input,
      Optional<Path> output)
      throws IOException {
    List<String> line = new ArrayList<>(before);
    line.add(stage.resolve("runtime/bin/java").toString());
    line.add("@" + stage.resolve("lib/java.options"));
    line.add("-Xmx3g");
    line.addAll(options);
    line.add("-cp");
    line.add(
        LibraryJars.of(stage.resolve("lib")).stream()
            .map(jar -> stage.relativize(jar).toString())
            .collect(Collectors.joining(File.pathSeparator)));
    line.addAll(words);
    Path said = Files.createTempFile("narrows", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .directory(stage.toFile())
              .redirectInput(input.map(Path::toFile).orElse(new File("/dev/null")));
      if (output.isPresent()) {
        builder.redirectOutput(output.get().toFile()).redirectError(said.toFile());
      } else {
        builder.redirectErrorStream(true).redirectOutput(said.toFile());
      }
      int code = builder.start().waitFor();
      if (code != 0) {
        String log = Files.readString(said, StandardCharsets.UTF_8).strip();
        throw new ReleaseException(
            "%s failed with code %d: %s"
                .formatted(what, code, log.substring(Math.max(0, log.length() - 600))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + what, e);
    } finally {
      Files.deleteIfExists(said);
    }
  }
}
