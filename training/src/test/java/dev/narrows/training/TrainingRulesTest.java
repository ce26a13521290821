package dev.narrows.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reads the room's own class files only: walking the class path would open libtorch's jars. */
class TrainingRulesTest {
  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void packages_ofTheRoom_haveNoCycles() {
    assertThat(classes).isNotEmpty();
    slices().matching("dev.narrows.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void libtorch_isKnownToOnePackageOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.narrows.training.torch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(classes);
  }

  @Test
  void kernels_areUsedByTheirDoorsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.narrows.kernels.integer..",
            "dev.narrows.kernels.floating..",
            "dev.narrows.kernels.sorting..",
            "dev.narrows.kernels.lanes..")
        .check(classes);
  }

  @Test
  void publicMembers_ofTheTorchPackage_showNoJavacppType() {
    classes.stream()
        .filter(type -> type.getPackageName().equals("dev.narrows.training.torch"))
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .flatMap(type -> type.getMembers().stream())
        .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
        .forEach(member ->
            assertThat(member.getAllInvolvedRawTypes())
                .as(member.getFullName())
                .noneMatch(type -> type.getPackageName().startsWith("org.bytedeco")));
  }
}
