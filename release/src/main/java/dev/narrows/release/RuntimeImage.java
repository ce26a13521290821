package dev.narrows.release;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Java runtime with nothing but the modules that some jars need. */
final class RuntimeImage {
  /** What no jar names: the vectors, which code asks for by reflection too, and zip as files. */
  private static final List<String> BESIDES = List.of("jdk.incubator.vector", "jdk.zipfs");

  private RuntimeImage() {}

  /**
   * Links a runtime.
   *
   * @param jars what it is to run
   * @param target a folder that does not exist yet
   * @return the modules it was asked for, sorted
   */
  static Set<String> link(List<Path> jars, Path target) {
    Set<String> modules = new TreeSet<>(BESIDES);
    String classPath =
        jars.stream().map(Path::toString).collect(Collectors.joining(java.io.File.pathSeparator));
    String found =
        run(
            "jdeps",
            Stream.concat(
                Stream.of(
                    "--ignore-missing-deps",
                    "--multi-release",
                    String.valueOf(Runtime.version().feature()),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--print-module-deps",
                    "--module-path", // where jars that are modules find those that they require
                    classPath,
                    "--class-path",
                    classPath),
                jars.stream().map(Path::toString)));
    // warnings about split packages come first
    modules.addAll(Arrays.asList(found.strip().lines().toList().getLast().split(",")));
    run(
        "jlink",
        Stream.of(
            "--add-modules",
            String.join(",", modules),
            "--output",
            target.toString(),
            "--compress",
            "zip-6",
            "--vm",
            "server",
            "--strip-java-debug-attributes",
            "--exclude-files", // Debian's JDK has 650 MB of them
            "**.debuginfo",
            "--no-header-files",
            "--no-man-pages",
            "--dedup-legal-notices",
            "error-if-not-same-content"));
    return modules;
  }

  private static String run(String name, Stream<String> words) {
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() -> new ReleaseException(name + " is not in this JDK; use a whole one"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = tool.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
    if (code != 0) {
      throw new ReleaseException(
          name + " failed: " + (out + " " + err).strip().replaceAll("\\s*\\n\\s*", "; "));
    }
    return out.toString();
  }
}
