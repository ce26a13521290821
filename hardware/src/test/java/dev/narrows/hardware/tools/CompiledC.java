package dev.narrows.hardware.tools;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the host's gcc, or a program that it made, ended with and said on either stream.
 *
 * @param exitCode 0 where it succeeded
 */
public record CompiledC(int exitCode, String output) {
  /** Skips a test where there is no gcc; with {@code CI} set, it fails. */
  public static void requireCompiler() {
    boolean found;
    try {
      found = run(Path.of("."), List.of("gcc", "--version")).exitCode == 0;
    } catch (IOException e) {
      found = false;
    }
    if (!found && System.getenv("CI") != null) {
      throw new IllegalStateException("needs gcc (package gcc)");
    }
    assumeTrue(found, "needs gcc (package gcc)");
  }

  /** Compiles a program; every warning is an error. */
  public static CompiledC compile(Path folder, String name, String text, String... options)
      throws IOException {
    Path source = Files.writeString(folder.resolve(name + ".c"), text);
    List<String> command =
        new ArrayList<>(
            List.of("gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", "."));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", name, source.getFileName().toString()));
    return run(folder, command);
  }

  /** Runs a command in a folder. */
  public static CompiledC run(Path folder, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CompiledC(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
