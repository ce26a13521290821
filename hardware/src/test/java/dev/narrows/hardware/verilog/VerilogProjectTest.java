package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerilogProjectTest {
  @TempDir private Path folder;

  private static VerilogProject project(long seed, boolean saturate) {
    Network network = RandomNetworks.network(new Random(seed), 6);
    return VerilogProject.of(network, saturate, 2, 3, Map.of());
  }

  @Test
  void units_randomNetworks_giveTheSumsAndCodesOfCore() throws IOException {
    int simulated = 0;
    for (long seed = 1; seed <= 4; seed++) {
      for (boolean saturate : new boolean[] {false, true}) {
        VerilogProject project;
        try {
          project = project(seed, saturate);
        } catch (IllegalArgumentException e) {
          continue; // a network without dot products
        }
        Path made = folder.resolve(seed + "-" + saturate);
        project.write(made);
        for (UnitLayer unit : project.units()) {
          String name = unit.module();
          assertThat(Tools.run(made, List.of("narrows.v", name + ".v", name + "_tb.v")))
              .as("seed %d, %s", seed, unit)
              .startsWith("PASS " + name);
          simulated++;
        }
      }
    }
    assertThat(simulated).isGreaterThan(4);
  }

  /** The testbench is no test unless it can fail. */
  @Test
  void testbench_aWeightChanged_fails() throws IOException {
    for (long seed = 1; ; seed++) {
      VerilogProject project;
      try {
        project = project(seed, false);
      } catch (IllegalArgumentException e) {
        continue;
      }
      UnitLayer unit = project.units().getFirst();
      project.write(folder.resolve("changed"));
      Path weights = folder.resolve("changed").resolve(unit.module() + "_weights.hex");
      String text = Files.readString(weights);
      char first = text.charAt(text.indexOf('\n') - 1);
      Files.writeString(
          weights,
          new StringBuilder(text)
              .replace(text.indexOf('\n') - 1, text.indexOf('\n'), first == '0' ? "1" : "0")
              .toString());
      String name = unit.module();
      assertThat(
              Tools.run(
                  folder.resolve("changed"), List.of("narrows.v", name + ".v", name + "_tb.v")))
          .contains("FAIL");
      return;
    }
  }

  @Test
  void write_folderInUse_isRefusedAndLeftAsItWas() throws IOException {
    for (long seed = 1; ; seed++) {
      VerilogProject project;
      try {
        project = project(seed, false);
      } catch (IllegalArgumentException e) {
        continue;
      }
      Path used = folder.resolve("used");
      Files.createDirectory(used);
      Files.writeString(used.resolve("mine.txt"), "mine");
      assertThatThrownBy(() -> project.write(used))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("expected a new or empty folder");
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).containsExactly(used);
      }
      return;
    }
  }
}
