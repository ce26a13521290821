package dev.narrows.cli.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** What is built: the libraries that this process was started with, and rooms built when needed. */
final class BuildFindings {
  /** Libraries whose version somebody who looks for a fault wants to know. */
  private static final Pattern TOLD =
      Pattern.compile(
          "(picocli|jackson-core|protobuf-java|flatbuffers-java|onnxruntime|pytorch)-(\\d[\\d.]*).*");

  private static final Pattern TORCH = Pattern.compile("pytorch-\\d.*-[a-z]+-[a-z0-9_]+\\.jar");

  private BuildFindings() {}

  /**
   * @param classPath of this process; the JVM itself skips what is missing there without a word
   * @param root of the checkout, if this process runs from one
   * @param platform as libtorch's files call it, such as {@code linux-x86_64}
   */
  static List<Finding> of(String classPath, Optional<Path> root, String platform) {
    List<Finding> findings = new ArrayList<>();
    List<Path> entries =
        Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList();
    findings.add(libraries(entries));
    if (root.isPresent()) {
      findings.add(room(root.get(), "training", "demo, train, quantize, sweep or reproduce"));
      findings.add(room(root.get(), "hosted", "ONNX file that needs ONNX Runtime"));
      findings.add(room(root.get(), "charts", "report --charts"));
      findings.addAll(torch(root.get(), platform));
    }
    return findings;
  }

  /** {@code linux-x86_64}: this machine in the words of libtorch's files. */
  static String platform(String system, String architecture) {
    String os =
        system.startsWith("Mac") ? "macosx" : system.startsWith("Windows") ? "windows" : "linux";
    String cpu =
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> architecture;
        };
    return os + "-" + cpu;
  }

  private static Finding libraries(List<Path> entries) {
    Set<String> versions = new LinkedHashSet<>();
    for (Path entry : entries) {
      Optional<String> problem = problem(entry);
      if (problem.isPresent()) {
        return Finding.wrong("libraries", problem.get());
      }
      Matcher told = TOLD.matcher(String.valueOf(entry.getFileName()));
      if (told.matches()) {
        String name = told.group(1).replaceAll("-(core|java)$", "");
        versions.add(name + " " + told.group(2).replaceAll("\\.$", ""));
      }
    }
    String all = entries.size() + " on the class path";
    return Finding.ok(
        "libraries", versions.isEmpty() ? all : all + ": " + String.join(", ", versions));
  }

  /** What is wrong with an entry of a class path, or with a library. */
  private static Optional<String> problem(Path entry) {
    if (Files.isDirectory(entry)) {
      return Optional.empty();
    }
    if (!Files.exists(entry)) {
      return Optional.of(entry + " is missing: delete cli/target/.built, and start again");
    }
    try (ZipFile archive = new ZipFile(entry.toFile())) {
      return archive.size() > 0 ? Optional.empty() : Optional.of(entry + " is empty: delete it");
    } catch (IOException e) {
      return Optional.of(entry + " is damaged: delete it, and what it is a copy of in ~/.m2");
    }
  }

  private static Finding room(Path root, String name, String needed) {
    Path target = root.resolve(name).resolve("target");
    if (!Files.exists(target.resolve(".built"))) {
      return Finding.absent(name, "not built; the first " + needed + " builds it");
    }
    if (!Files.isDirectory(target.resolve("classes"))) {
      return Finding.wrong(name, "its classes are gone: delete " + target.resolve(".built"));
    }
    List<Path> libraries = libraries(target);
    return libraries.stream()
        .map(BuildFindings::problem)
        .flatMap(Optional::stream)
        .findFirst()
        .map(problem -> Finding.wrong(name, problem))
        .orElse(Finding.ok(name, "built, with " + libraries.size() + " libraries"));
  }

  /** libtorch is machine code: that of another machine is found out at the first training only. */
  private static List<Finding> torch(Path root, String platform) {
    List<String> machines =
        libraries(root.resolve("training").resolve("target")).stream()
            .map(library -> String.valueOf(library.getFileName()))
            .filter(TORCH.asMatchPredicate())
            .toList();
    if (machines.isEmpty() || machines.stream().anyMatch(name -> name.contains(platform))) {
      return List.of();
    }
    return List.of(
        Finding.wrong(
            "libtorch", "%s is for another machine than %s".formatted(machines, platform)));
  }

  private static List<Path> libraries(Path target) {
    try (Stream<Path> files = Files.list(target.resolve("lib"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
