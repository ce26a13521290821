package dev.narrows.hardware.c;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.hardware.tools.CompiledC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Many networks in one program of the host's compiler: each checks its own test vectors. */
final class CompiledNetworks {
  private final Path folder;
  private final List<String> names = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();

  CompiledNetworks(Path folder) {
    this.folder = folder;
    CompiledC.requireCompiler();
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
    assertThat(CompiledC.run(folder, command).output()).isEmpty();
    return CompiledC.run(folder, List.of("./all"))
        .output()
        .lines()
        .filter(line -> !line.contains(": 0 of "))
        .toList();
  }
}
