package dev.narrows.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Classes as the JVM lays them out in memory, so that a start reads and checks none of them: class
 * data sharing. Made from a list of the classes that a rehearsal of commands loads.
 *
 * <p>From one list the same bytes come each time: it is sorted, and the process that writes the
 * archive has addresses that are not drawn at random, where that is allowed. The list itself varies
 * a little: a class that only contention loads, and which constants were resolved.
 */
final class StartArchive {
  private StartArchive() {}

  /**
   * Makes {@code lib/start.jsa}.
   *
   * @param stage the release's folder, whose jars have their final dates
   * @param root the checkout, whose small networks are rehearsed on
   */
  static void make(Path stage, Path root) throws IOException {
    Path classes = Files.createTempFile("narrows", ".classes");
    Path calls = Files.createTempFile("narrows", ".jsonl");
    try {
      String rehearsal = Files.readString(root.resolve("cli/src/main/launcher/rehearsal.jsonl"));
      Files.writeString(calls, rehearsal.replace("@ROOT@", root.toString()));
      run(
          stage,
          calls,
          "the rehearsal of commands",
          List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + classes),
          List.of("dev.narrows.cli.Narrows", "worker", "--finish"));
      sort(classes);
      Path archive = stage.resolve("lib/start.jsa");
      run(
          stage,
          calls,
          "the start-up archive",
          List.of(
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + classes,
              "-XX:SharedArchiveFile=" + archive,
              "-Xlog:disable",
              "-Xlog:all=error:stderr"),
          List.of());
    } finally {
      Files.deleteIfExists(classes);
      Files.deleteIfExists(calls);
    }
  }

  /**
   * What a command is put behind so that its addresses are the same each time; nothing if that
   * fails.
   */
  private static List<String> fixedAddresses() throws IOException {
    List<String> prefix = List.of("setarch", "--addr-no-randomize");
    List<String> tried = new ArrayList<>(prefix);
    tried.add("true");
    try {
      Process process =
          new ProcessBuilder(tried)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? prefix : List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while setarch was tried", e);
    } catch (IOException missing) {
      return List.of();
    }
  }

  private static void sort(Path classes) throws IOException {
    List<String> lines = Files.readAllLines(classes);
    List<String> comments = lines.stream().filter(line -> line.startsWith("#")).toList();
    TreeSet<String> sorted =
        lines.stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst(" id: \\d+$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> all = new ArrayList<>(comments);
    all.addAll(sorted);
    Files.write(classes, all);
  }

  /** The class path is relative, so that the archive says nothing of where it was made. */
  private static void run(
      Path stage, Path input, String what, List<String> options, List<String> words)
      throws IOException {
    List<String> line = new ArrayList<>(fixedAddresses());
    line.add(stage.resolve("runtime/bin/java").toString());
    line.add("@" + stage.resolve("lib/java.options"));
    line.add("-Xmx3g");
    line.addAll(options);
    line.add("-cp");
    line.add(
        LibraryJars.of(stage.resolve("lib")).stream()
            .map(jar -> stage.relativize(jar).toString())
            .collect(Collectors.joining(":")));
    line.addAll(words);
    Path said = Files.createTempFile("narrows", ".log");
    try {
      Process process =
          new ProcessBuilder(line)
              .directory(stage.toFile())
              .redirectInput(input.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      int code = process.waitFor();
      if (code != 0) {
        String log = Files.readString(said, StandardCharsets.UTF_8).strip();
        throw new ReleaseException(
            "%s failed with code %d: %s"
                .formatted(what, code, log.substring(Math.max(0, log.length() - 600))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + what + " was made", e);
    } finally {
      Files.deleteIfExists(said);
    }
  }
}
