package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.RoomRules;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KernelsRulesTest {
  @Test
  void packages_ofTheRoom_haveNoCycles() {
    RoomRules.of("dev.narrows.kernels").packagesHaveNoCycles();
  }

  @Test
  void room_dependsOnlyOnCoreAndVectors() {
    RoomRules.of("dev.narrows.kernels")
        .dependsOnlyOn("dev.narrows.core..", "jdk.incubator.vector..");
  }

  @Test
  void doors_ofTheRoom_areFew_andTheModuleExportsTheirPackageAlone() {
    assertThat(RoomRules.of("dev.narrows.kernels").doors())
        .containsExactly(
            "ColumnPlaces",
            "ColumnSums",
            "ColumnWidths",
            "Columns",
            "FloatColumns",
            "FloatProduct",
            "FloatWeights",
            "IntegerWeights",
            "MatrixProduct",
            "ParallelProducts");
    assertThat(
            ModuleFinder.of(Path.of("target", "classes"))
                .find("dev.narrows.kernels")
                .orElseThrow()
                .descriptor()
                .exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactly("dev.narrows.kernels");
  }
}
