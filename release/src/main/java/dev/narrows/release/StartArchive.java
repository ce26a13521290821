package dev.narrows.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      StagedTool tool = new StagedTool(stage);
      List<String> fixed = fixedAddresses();
      tool.run(
          "the rehearsal of commands",
          fixed,
          List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + classes),
          StagedTool.words("worker", "--finish"),
          Optional.of(calls),
          Optional.empty());
      sort(classes);
      Path archive = stage.resolve("lib/start.jsa");
      tool.run(
          "the start-up archive",
          fixed,
          List.of(
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + classes,
              "-XX:SharedArchiveFile=" + archive,
              "-Xlog:disable",
              "-Xlog:all=error:stderr"),
          List.of(),
          Optional.empty(),
          Optional.empty());
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
}
