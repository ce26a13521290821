package dev.narrows.repair.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class BinomialLimitsTest {
  /** Σ_{i ≤ k} C(n, i)·(a/d)ⁱ·(1 − a/d)^(n − i), in integers over dⁿ. */
  private static double exact(int k, int n, int a, int d) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger ways = BigInteger.ONE;
    for (int i = 0; i <= k; i++) {
      sum =
          sum.add(
              ways.multiply(BigInteger.valueOf(a).pow(i))
                  .multiply(BigInteger.valueOf(d - a).pow(n - i)));
      ways = ways.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
    }
    return new BigDecimal(sum)
        .divide(new BigDecimal(BigInteger.valueOf(d).pow(n)), MathContext.DECIMAL64)
        .doubleValue();
  }

  @Test
  void atMost_manyShares_isTheSumInIntegers() {
    for (int n : new int[] {1, 2, 7, 40, 300, 700}) {
      for (int k = 0; k < n; k += 1 + n / 7) {
        for (int a : new int[] {1, 37, 500, 999}) {
          assertThat(BinomialLimits.atMost(k, n, a / 1000.0))
              .as("%d of %d at %d/1000", k, n, a)
              .isCloseTo(exact(k, n, a, 1000), within(1e-12));
        }
      }
    }
  }

  @Test
  void upper_manyCounts_isWhereTheExactSumPassesAlpha() {
    int d = 1 << 20;
    for (int n : new int[] {1, 5, 60, 400}) {
      for (int k = 0; k < n; k += 1 + n / 5) {
        double limit = BinomialLimits.upper(k, n, 0.05);
        int below = (int) Math.floor(limit * d);
        assertThat(exact(k, n, below, d)).isGreaterThanOrEqualTo(0.05);
        assertThat(exact(k, n, below + 1, d)).isLessThanOrEqualTo(0.05);
      }
    }
  }

  @Test
  void upper_noneOfN_hasItsClosedForm() {
    for (int n : new int[] {1, 10, 2500, 1_000_000}) {
      assertThat(BinomialLimits.upper(0, n, 0.05))
          .isCloseTo(1 - Math.pow(0.05, 1.0 / n), within(1e-12));
    }
    assertThat(BinomialLimits.upper(0, 59, 0.05)).isLessThan(0.05); // Wilks' 59 runs
    assertThat(BinomialLimits.upper(0, 58, 0.05)).isGreaterThan(0.05);
  }

  @Test
  void limits_allOrNone_areTheEnds() {
    assertThat(BinomialLimits.upper(10, 10, 0.05)).isEqualTo(1);
    assertThat(BinomialLimits.lower(0, 10, 0.05)).isZero();
    // 2 of 10, two-sided 95 %: 2.52 to 55.61 % in every table
    assertThat(BinomialLimits.lower(2, 10, 0.025)).isCloseTo(0.0252, within(5e-5));
    assertThat(BinomialLimits.upper(2, 10, 0.025)).isCloseTo(0.5561, within(5e-5));
  }

  @Test
  void scenario_limits_solvesItsEquation() {
    assertThat(BinomialLimits.scenario(1, 2500, 0.05))
        .isEqualTo(BinomialLimits.upper(0, 2500, 0.05));
    double epsilon = BinomialLimits.scenario(10, 2500, 0.05);
    double sum = 0;
    double term = Math.pow(1 - epsilon, 2500);
    for (int i = 0; i < 10; i++) {
      sum += term;
      term *= (2500.0 - i) / (i + 1) * epsilon / (1 - epsilon);
    }
    assertThat(sum).isCloseTo(0.05, within(1e-9));
  }

  @Test
  void upper_countsThatCannotBe_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> BinomialLimits.upper(3, 2, 0.05));
    assertThatIllegalArgumentException().isThrownBy(() -> BinomialLimits.upper(-1, 2, 0.05));
    assertThatIllegalArgumentException().isThrownBy(() -> BinomialLimits.upper(0, 0, 0.05));
    assertThatIllegalArgumentException().isThrownBy(() -> BinomialLimits.upper(0, 2, 0));
  }
}
