package dev.narrows.repair.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedCountsTest {
  private static final double Z = 1.6448536269514722;

  @Test
  void quantile_knownConfidences_areThoseOfTables() {
    assertThat(PairedCounts.quantile(0.95)).isCloseTo(Z, within(1e-9));
    assertThat(PairedCounts.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-9));
    assertThat(PairedCounts.quantile(0.999)).isCloseTo(3.090232306167814, within(1e-9));
    assertThat(PairedCounts.quantile(0.5)).isCloseTo(0, within(1e-9));
  }

  /** The likelihood itself, searched for its greatest value by thirds. */
  private static double likeliest(int n, int b, int c, double delta) {
    double low = Math.max(0, -delta);
    double high = (1 - delta) / 2;
    for (int i = 0; i < 300; i++) {
      double one = low + (high - low) / 3;
      double two = high - (high - low) / 3;
      if (likelihood(n, b, c, delta, one) < likelihood(n, b, c, delta, two)) {
        low = one;
      } else {
        high = two;
      }
    }
    return low;
  }

  private static double likelihood(int n, int b, int c, double delta, double q) {
    return part(b, q + delta) + part(c, q) + part(n - b - c, 1 - 2 * q - delta);
  }

  private static double part(int count, double p) {
    return count == 0 ? 0 : count * Math.log(p);
  }

  @Test
  void likeliest_manyCounts_maximisesTheLikelihood() {
    for (int[] counts : new int[][] {{50, 9, 4}, {200, 30, 12}, {2500, 25, 15}, {40, 0, 3}}) {
      for (double delta : new double[] {0.001, 0.01, 0.08, 0.3}) {
        assertThat(new PairedCounts(counts[0], counts[1], counts[2]).likeliest(delta))
            .isCloseTo(likeliest(counts[0], counts[1], counts[2], delta), within(1e-6));
      }
    }
  }

  @Test
  void upper_onlyLosses_isWilsonsLimit() {
    // Wilson: (p − p̂)² = z²·p(1 − p)/n
    for (int b : new int[] {0, 1, 10, 200}) {
      double p = new PairedCounts(2500, b, 0).upper(Z);
      double difference = p - b / 2500.0;
      assertThat(difference * difference).isCloseTo(Z * Z * p * (1 - p) / 2500, within(1e-9));
    }
  }

  @Test
  void upper_smallSamples_coversTheTruthAsOftenAsItSays() {
    double worst = 1;
    for (double q : new double[] {0.01, 0.05, 0.1}) {
      for (double delta : new double[] {0.01, 0.03, 0.1}) {
        worst = Math.min(worst, coverage(60, q + delta, q, delta));
      }
    }
    assertThat(worst).isBetween(0.90, 0.99); // 95 % is a limit for large samples
  }

  /** The probability that the limit is at least the true loss, over every outcome of n images. */
  private static double coverage(int n, double b, double c, double delta) {
    double covered = 0;
    for (int i = 0; i <= n; i++) {
      for (int j = 0; i + j <= n; j++) {
        if (new PairedCounts(n, i, j).upper(Z) >= delta) {
          covered +=
              Math.exp(
                  factorial(n)
                      - factorial(i)
                      - factorial(j)
                      - factorial(n - i - j)
                      + i * Math.log(b)
                      + j * Math.log(c)
                      + (n - i - j) * Math.log(1 - b - c));
        }
      }
    }
    return covered;
  }

  private static double factorial(int n) {
    double log = 0;
    for (int i = 2; i <= n; i++) {
      log += Math.log(i);
    }
    return log;
  }

  @Test
  void of_predictions_countsWhoIsRight() {
    int[] labels = {0, 1, 2, 3, 4};
    int[] exact = {0, 1, 0, 3, 0};
    int[] plan = {0, 0, 2, 0, 1};
    assertThat(PairedCounts.of(exact, plan, labels)).isEqualTo(new PairedCounts(5, 2, 1));
    assertThat(new PairedCounts(5, 2, 1).loss()).isEqualTo(0.2);
  }

  @Test
  void new_countsThatCannotBe_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PairedCounts(0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new PairedCounts(5, 3, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> new PairedCounts(5, -1, 3));
  }
}
