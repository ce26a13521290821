package dev.narrows.core;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.testing.RoomRules;
import org.junit.jupiter.api.Test;

class CoreRulesTest {
  @Test
  void core_packages_haveNoCycles() {
    RoomRules.of("dev.narrows.core").packagesHaveNoCycles();
  }

  @Test
  void core_classes_dependOnTheJdkAlone() {
    RoomRules.of("dev.narrows.core").dependsOnlyOn();
  }

  @Test
  void rules_brokenOrEmpty_fail() {
    RoomRules core = RoomRules.of("dev.narrows.core");
    assertThatThrownBy(() -> core.doesNotDependOn("java.util.."))
        .isInstanceOf(AssertionError.class);
    RoomRules dot = RoomRules.of("dev.narrows.core.dot");
    assertThatThrownBy(dot::dependsOnlyOn)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.narrows.core.accumulator");
    assertThatIllegalArgumentException().isThrownBy(() -> RoomRules.of("dev.narrows.nowhere"));
  }
}
