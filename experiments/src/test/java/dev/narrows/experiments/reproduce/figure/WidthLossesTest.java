package dev.narrows.experiments.reproduce.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WidthLossesTest {
  private static final WidthLosses LOSSES =
      new WidthLosses(18, List.of(0.0, 88.0 - 87.5, 2.8, -0.1)).and(33.2);

  @Test
  void narrowest_byTolerance_isTheLastWidthBeforeTheFirstThatCostsMore() {
    assertThat(LOSSES.narrowest(0)).hasValue(18);
    assertThat(LOSSES.narrowest(0.5)).hasValue(17);
    assertThat(LOSSES.narrowest(1)).hasValue(17);
    assertThat(LOSSES.narrowest(3)).hasValue(15);
    assertThat(LOSSES.narrowest(40)).hasValue(14);
    assertThat(new WidthLosses(9, List.of(1.5)).narrowest(1)).isEmpty();
  }

  @Test
  void narrowest_differenceOfRoundedAccuracies_isNotMissedByRounding() {
    assertThat(new WidthLosses(8, List.of(81.3 - 80.8)).narrowest(0.5)).hasValue(8);
  }

  @Test
  void hopeless_lastWidth_costsMoreThanEveryTolerance() {
    assertThat(LOSSES.hopeless()).isTrue();
    assertThat(new WidthLosses(8, List.of(33.0, 3.0)).hopeless()).isFalse();
    assertThat(new WidthLosses(8, List.of()).hopeless()).isFalse();
  }

  @Test
  void text_ofTolerances_isShort() {
    assertThat(WidthLosses.TOLERANCES.stream().map(WidthLosses::text))
        .containsExactly("0.5", "1", "3", "5", "20");
  }
}
