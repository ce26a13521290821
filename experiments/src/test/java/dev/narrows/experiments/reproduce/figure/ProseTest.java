package dev.narrows.experiments.reproduce.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProseTest {
  private final Prose prose = Prose.of(ProseTest.class, "prose-test");

  @Test
  void text_severalLines_isOneParagraphWithItsValues() {
    assertThat(prose.text("about", "images", 1234, "gain", 1.25, "set", "a {b} $1"))
        .isEqualTo("On 1,234 images of a {b} $1 it gains 1.3 points, 5 % of them.");
  }

  @Test
  void text_withoutPlaceholders_needsNoValues() {
    assertThat(prose.text("plain words")).isEqualTo("Nothing to fill in.");
  }

  @Test
  void text_valueMissingOrTooMany_isRefusedByName() {
    assertThatThrownBy(() -> prose.text("about", "images", 1, "gain", 1.0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{set}");
    assertThatThrownBy(() -> prose.text("plain words", "images", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("images");
  }

  @Test
  void text_unknownSection_isRefusedByFileAndSection() {
    assertThatThrownBy(() -> prose.text("none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prose-test.md: no section \"none\"");
  }
}
