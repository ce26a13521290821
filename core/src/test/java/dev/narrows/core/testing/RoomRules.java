package dev.narrows.core.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Rules of the house about who may depend on whom, for a room's own test to call. */
public final class RoomRules {
  /** Reading a room's classes takes longer than any rule. */
  private static final Map<String, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

  private final String room;
  private final JavaClasses classes;

  private RoomRules(String room) {
    this.room = room;
    this.classes = IMPORTED.computeIfAbsent(room, RoomRules::imported);
    if (classes.isEmpty()) {
      throw new IllegalArgumentException(
          "no classes found in " + room); // a rule over nothing holds
    }
  }

  private static JavaClasses imported(String room) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption( // other rooms' contracts come in a jar
            location -> !location.contains("-tests.jar"))
        .importPackages(room);
  }

  /**
   * The rules of a room.
   *
   * @param room its package root, such as {@code dev.narrows.core}
   */
  public static RoomRules of(String room) {
    return new RoomRules(room);
  }

  /** The public types of the room's root package, nested ones left out: what others may use. */
  public List<String> doors() {
    return classes.stream()
        .filter(type -> type.getPackageName().equals(room) && type.isTopLevelClass())
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .map(JavaClass::getSimpleName)
        .sorted()
        .toList();
  }

  /** No two packages of the room depend on each other, directly or through others. */
  public RoomRules packagesHaveNoCycles() {
    // cut above the room, so that its root package is a slice too
    slices()
        .matching(room.substring(0, room.lastIndexOf('.')) + ".(**)")
        .should()
        .beFreeOfCycles()
        .check(classes);
    return this;
  }

  /**
   * The room depends on nothing but itself, {@code java.*} and these packages.
   *
   * @param others package patterns such as {@code "tools.jackson.."}
   */
  public RoomRules dependsOnlyOn(String... others) {
    String[] allowed =
        Stream.concat(Stream.of(room + "..", "java..", "org.jspecify.."), Stream.of(others))
            .toArray(String[]::new);
    classes().should().onlyDependOnClassesThat(resideInAnyPackage(allowed)).check(classes);
    return this;
  }

  /** The room depends on none of these packages. */
  public RoomRules doesNotDependOn(String... packages) {
    for (String forbidden : packages) {
      noClasses().should().dependOnClassesThat(resideInAPackage(forbidden)).check(classes);
    }
    return this;
  }
}
