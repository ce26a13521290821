package dev.narrows.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How packages and rooms may depend on each other. */
class ArrowsTest {
  private static final String ROOT = "dev.narrows.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.narrows");

  /** What each room may use; training, which uses experiments and kernels, looks at itself. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("core", Set.of()),
          Map.entry("kernels", Set.of("core")),
          Map.entry("benchmarks", Set.of("core", "kernels")),
          Map.entry("network", Set.of("core", "kernels")),
          Map.entry("verify", Set.of("core", "network")),
          Map.entry("data", Set.of()),
          Map.entry("repair", Set.of("core", "kernels", "network")),
          Map.entry("hardware", Set.of("core", "network")),
          Map.entry("report", Set.of("core")),
          Map.entry(
              "experiments", Set.of("core", "network", "data", "repair", "report", "hardware")),
          Map.entry(
              "cli",
              Set.of(
                  "core",
                  "kernels",
                  "network",
                  "data",
                  "repair",
                  "report",
                  "experiments",
                  "verify",
                  "hardware",
                  "benchmarks")));

  @Test
  void packages_anyTwo_neverImportEachOther() {
    slices().matching("dev.narrows.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void rooms_dependencies_followTheArrows() {
    Set<String> wrong = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String room = room(type);
      seen.add(room);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        if (target.getName().startsWith(ROOT)
            && !room(target).equals(room)
            && !ALLOWED.getOrDefault(room, Set.of()).contains(room(target))) {
          wrong.add(type.getName() + " uses " + target.getName());
        }
      }
    }
    assertThat(seen).isEqualTo(new TreeSet<>(ALLOWED.keySet()));
    assertThat(wrong).isEmpty();
  }

  @Test
  void kernels_areUsedByTheirDoorsAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.narrows.kernels..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.narrows.kernels.integer..",
            "dev.narrows.kernels.floating..",
            "dev.narrows.kernels.sorting..",
            "dev.narrows.kernels.lanes..")
        .check(CLASSES);
  }

  @Test
  void libraries_ofEachRoom_areTheExpectedOnes() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getName();
        boolean plainJava = Set.of("core", "kernels", "benchmarks", "data").contains(room(type));
        boolean foreign =
            !target.startsWith(ROOT)
                && !target.startsWith("java")
                && !target.startsWith("jdk.")
                && !target.startsWith("org.jspecify.")
                && !target.startsWith("[")
                && target.contains(".");
        if (plainJava && foreign || target.startsWith("org.bytedeco.")) {
          wrong.add(type.getName() + " uses " + target);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String room(JavaClass type) {
    String rest = type.getName().substring(ROOT.length());
    return rest.substring(0, rest.indexOf('.'));
  }
}
