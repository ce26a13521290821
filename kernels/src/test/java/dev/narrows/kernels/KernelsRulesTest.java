package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.narrows.core.testing.RoomRules;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
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
    List<String> doors =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.narrows.kernels")
                .stream()
                .filter(type ->
                    type.getPackageName().equals("dev.narrows.kernels") && type.isTopLevelClass())
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    assertThat(doors)
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
