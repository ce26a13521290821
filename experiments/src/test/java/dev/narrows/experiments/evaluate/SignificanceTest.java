package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.report.Comparison;
import dev.narrows.report.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignificanceTest {
  /** The shares whose distance is z standard deviations of their own. */
  @Test
  void wilson_everyCountUpTo40_solvesItsEquation() {
    double z2 = 1.959963984540054 * 1.959963984540054;
    for (int images = 1; images <= 40; images++) {
      for (int correct = 0; correct <= images; correct++) {
        Interval interval = Significance.wilson(correct, images);
        double share = (double) correct / images;
        assertThat(interval.low()).isLessThanOrEqualTo(100 * share);
        assertThat(interval.high()).isGreaterThanOrEqualTo(100 * share);
        for (double end : new double[] {interval.low() / 100, interval.high() / 100}) {
          // 1e-12: a few roundings of numbers below 1; ends at 0 and 1 are set, not solved
          assertThat((share - end) * (share - end))
              .isCloseTo(z2 * end * (1 - end) / images, within(1e-12));
        }
      }
    }
  }

  @Test
  void wilson_knownFigures_areThose() {
    assertThat(Significance.wilson(8, 10).text()).isEqualTo("49.02..94.33");
    assertThat(Significance.wilson(0, 10).text()).isEqualTo("0.00..27.75");
    assertThat(Significance.wilson(8707, 10_000).text()).isEqualTo("86.40..87.71");
    assertThatIllegalArgumentException().isThrownBy(() -> Significance.wilson(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Significance.wilson(3, 2));
  }

  /** Against counting all 2^n ways in which n images can fall to two equals. */
  @Test
  void mcNemar_upTo16Images_countsTheWaysAtLeastAsUneven() {
    for (int n = 0; n <= 16; n++) {
      for (int b = 0; b <= n; b++) {
        int least = Math.min(b, n - b);
        int uneven = 0;
        for (int ways = 0; ways < 1 << n; ways++) {
          int ones = Integer.bitCount(ways);
          uneven += Math.min(ones, n - ones) <= least ? 1 : 0;
        }
        assertThat(Significance.mcNemar(b, n - b))
            .as("%d and %d", b, n - b)
            .isEqualTo((double) uneven / (1 << n));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1000,-999", "1000,0,-999", "0,1074,-1073"})
  void mcNemar_oneSided_isAPowerOfTwo(int b, int c, int exponent) {
    assertThat(Significance.mcNemar(b, c)).isEqualTo(Math.scalb(1.0, exponent));
  }

  @Test
  void mcNemar_manyImages_staysFinite() {
    assertThat(Significance.mcNemar(5000, 5000)).isEqualTo(1);
    // the normal approximation with continuity correction: z = 99/100, p = 0.3222
    assertThat(Significance.mcNemar(4950, 5050)).isCloseTo(0.3222, within(0.0001));
    assertThat(Significance.mcNemar(0, 5000)).isZero();
  }

  @Test
  void compared_countsImagesThatOnlyOneGetsRight() {
    int[] labels = {1, 2, 3, 4, 5};
    int[] one = {1, 2, 3, 0, 0};
    int[] other = {1, 0, 0, 4, 0};
    assertThat(Significance.compared("a", one, "b", other, labels))
        .isEqualTo(new Comparison("a", "b", 2, 1, 1));
  }
}
