package dev.narrows.hardware.lanes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the host's gcc; a test is skipped with a message where there is none. */
record CompiledC(int exitCode, String output) {
  static void requireCompiler() {
    boolean found;
    try {
      found = run(Path.of("."), List.of("gcc", "--version")).exitCode == 0;
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(found, "no gcc on this machine: C is neither compiled nor run");
  }

  /** Compiles a program; every warning is an error. */
  static CompiledC compile(Path folder, String name, String text, String... options)
      throws IOException {
    Path source = Files.writeString(folder.resolve(name + ".c"), text);
    List<String> command =
        new ArrayList<>(
            List.of("gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", "."));
    command.addAll(List.of(options));
    command.addAll(List.of("-o", name, source.getFileName().toString()));
    return run(folder, command);
  }

  static CompiledC run(Path folder, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CompiledC(process.waitFor(), output);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
