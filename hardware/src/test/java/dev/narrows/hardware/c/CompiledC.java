package dev.narrows.hardware.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Many networks in one program of the host's compiler: each checks its own test vectors. */
final class CompiledC {
  private final Path folder;
  private final List<String> names = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();

  CompiledC(Path folder) {
    this.folder = folder;
    boolean found = run(folder, List.of("gcc", "--version")).isPresent();
    if (!found && System.getenv("CI") != null) {
      throw new IllegalStateException("needs gcc (package gcc)");
    }
    assumeTrue(found, "needs gcc (package gcc)");
  }

  /** Adds a network with test vectors. */
  void add(CFiles files) throws IOException {
    files.write(folder);
    List<String> made = List.copyOf(files.texts().keySet());
    names.add(made.getFirst().replace(".c", ""));
    sources.add(made.getFirst());
  }

  /** The flag for the widest vectors that both this processor and a kernel have. */
  static String vectors() throws IOException {
    Path processor = Path.of("/proc/cpuinfo");
    boolean wide = Files.exists(processor) && Files.readString(processor).contains(" avx2 ");
    return wide ? "-mavx2" : "-O1";
  }

  /** Compiles and runs all; gives what differs, a line each. */
  List<String> differing(String... flags) throws IOException {
    StringBuilder main = new StringBuilder("#include <stdio.h>\n");
    StringBuilder calls = new StringBuilder();
    for (String name : names) {
      main.append(
          "#define main %s_main\n#include \"%s_main.c\"\n#undef main\n".formatted(name, name));
      calls.append("  wrong += %s_main();\n".formatted(name));
    }
    main.append("int main(void) {\n  int wrong = 0;\n")
        .append(calls)
        .append("  return wrong;\n}\n");
    String text = main.toString();
    Files.writeString(folder.resolve("all.c"), text);
    List<String> command =
        new ArrayList<>(List.of("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-o", "all", "all.c"));
    command.addAll(sources);
    String said = run(folder, command).orElse("no gcc");
    assertThat(said).isEmpty();
    return run(folder, List.of("./all"))
        .orElse("not run")
        .lines()
        .filter(line -> !line.contains(": 0 of "))
        .toList();
  }

  private static Optional<String> run(Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      process.waitFor();
      return Optional.of(said);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
