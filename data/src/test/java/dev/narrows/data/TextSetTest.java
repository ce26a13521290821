package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextSetTest {
  private static final String TEXT = "to be, or not to be: that is the question ".repeat(20);
  private static final TextSet SET = TextSet.of("hamlet", TEXT, 64);

  @Test
  void of_text_hasItsCharactersAscending() {
    assertThat(SET.vocabulary()).isEqualTo(" ,:abehinoqrstu");
    assertThat(SET.mask()).isEqualTo(15);
    assertThat(SET.size()).isEqualTo(TEXT.length() / 64);
    assertThat(SET.answers()).isEqualTo(10); // 15 % of 64
  }

  @Test
  void window_masks_standAtItsPlacesAndHideItsLabels() {
    for (int i = 0; i < SET.size(); i++) {
      TextSet.TextWindow window = SET.window(i);
      int[] restored = window.ids().clone();
      for (int m = 0; m < window.places().length; m++) {
        assertThat(restored[window.places()[m]]).isEqualTo(SET.mask());
        restored[window.places()[m]] = window.labels()[m];
      }
      assertThat(restored).isEqualTo(Arrays.copyOfRange(SET.ids(), i * 64, i * 64 + 64));
      assertThat(window.places()).hasSize(10).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void window_toTrainOn_dependsOnSeedEpochAndIndexAlone() {
    assertThat(SET.window(1, 2, 3).ids()).isEqualTo(SET.window(1, 2, 3).ids());
    int[] first = SET.window(1, 2, 3).ids();
    assertThat(SET.window(2, 2, 3).ids()).isNotEqualTo(first);
    assertThat(SET.window(1, 3, 3).ids()).isNotEqualTo(first);
    assertThat(SET.window(1, 2, 4).ids()).isNotEqualTo(first);
  }

  @Test
  void places_ofManyWindows_areSpreadEvenly() {
    int[] seen = new int[64];
    for (int i = 0; i < 4000; i++) {
      for (int place : SET.window(7, 0, i).places()) {
        seen[place]++;
      }
    }
    // 625 on average, deviation 23
    assertThat(IntStream.of(seen).min().orElseThrow()).isGreaterThan(500);
    assertThat(IntStream.of(seen).max().orElseThrow()).isLessThan(750);
  }

  @Test
  void slice_ofATextWithFewerCharacters_keepsTheIds() {
    TextSet part = SET.slice(2, 4);
    assertThat(part.characters()).isEqualTo(SET.characters());
    assertThat(part.ids()).isEqualTo(Arrays.copyOfRange(SET.ids(), 128, 256));
    assertThat(part.labels()).hasSize(20);
  }

  @Test
  void unigramEntropy_equalShares_isTheLogarithmOfTheirNumber() {
    assertThat(TextSet.of("abcd", "abcd".repeat(8), 4).unigramEntropy())
        .isCloseTo(Math.log(4), within(1e-12));
  }

  @Test
  void of_textOfOneCharacter_isRefused() {
    assertThatThrownBy(() -> TextSet.of("a", "aaaa", 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least 2 different characters");
    assertThatThrownBy(() -> new TextSet("a", new int[] {65, 66}, new int[] {0, 2}, 2))
        .isInstanceOf(DataException.class)
        .hasMessage("a: id of character 1 is 2, expected 0 to 1");
  }
}
