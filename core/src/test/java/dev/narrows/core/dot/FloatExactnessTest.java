package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.Truncation;
import java.math.BigInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where rounding to binary32 before truncating gives what truncating the exact result would. */
class FloatExactnessTest {
  /** Formats of up to 12 bits that meet the condition 2^e − b_sum − 1 + b_product ≤ 23. */
  @ParameterizedTest
  @CsvSource({
    "7, 4, 12, 10", "6, 4, 12, 10", "5, 4, 12, 10", "4, 4, 12, 10", "8, 3, 6, 4", "5, 3, 6, 4",
    "4, 3, 6, 4", "3, 3, 5, 5", "9, 2, 3, 2", "2, 2, 4, 0", "3, 4, 12, 4", "1, 4, 0, -8"
  })
  void sum_everyPairOfValues_isTheExactSumTruncated(int m, int e, int productBias, int sumBias) {
    assertThat((1 << e) - sumBias - 1 + productBias).isLessThanOrEqualTo(23);
    assertThat(differing(formats(m, e, productBias, sumBias))).isZero();
  }

  @ParameterizedTest
  @CsvSource({"3, 4, 13, 4", "1, 4, 1, -8", "6, 5, 20, 18"})
  void sum_beyondTheCondition_isSometimesRoundedFirst(int m, int e, int productBias, int sumBias) {
    assertThat((1 << e) - sumBias - 1 + productBias).isGreaterThan(23);
    assertThat(differing(formats(m, e, productBias, sumBias))).isPositive();
  }

  /** The condition on the exponents holds; a second one binds from 12 mantissa bits on. */
  @Test
  void sum_moreThanElevenMantissaBits_isSometimesRoundedFirst() {
    for (int m = 1; m <= 23; m++) {
      Truncation sum = new FloatingFormat(m, 4, 12).truncation(true);
      float register = 1f;
      float justBelowStep = Math.scalb(2 - Math.scalb(1f, -m), -m - 1);
      boolean same =
          m > 11
              ? sum.apply(justBelowStep + register) != exact(sum, 1.0 + justBelowStep)
              : sum.apply(justBelowStep + register) == exact(sum, 1.0 + justBelowStep);
      assertThat(same).as("m = %d", m).isTrue();
    }
  }

  @Test
  void product_significandsOfTogether24Bits_isTheExactProductTruncated() {
    Truncation product = new FloatingFormat(7, 8, 127).truncation(true);
    for (int x = 1 << 11; x < 1 << 12; x++) {
      for (int w = 1 << 11; w < 1 << 12; w++) {
        if (product.apply((float) x * w) != exact(product, (double) x * w)) {
          throw new AssertionError(x + " · " + w);
        }
      }
    }
  }

  @Test
  void product_significandsOfTogether25Bits_isSometimesRoundedFirst() {
    Truncation product = new FloatingFormat(7, 8, 127).truncation(true);
    assertThat(32 - Integer.numberOfLeadingZeros(4427)).isEqualTo(13);
    assertThat(32 - Integer.numberOfLeadingZeros(3997)).isEqualTo(12);
    assertThat(product.apply(4427f * 3997f)).isEqualTo(135f * (1 << 17));
    assertThat(exact(product, 4427.0 * 3997)).isEqualTo(134f * (1 << 17));
  }

  private static FloatingAccumulator formats(int m, int e, int productBias, int sumBias) {
    return new FloatingAccumulator(
        new FloatingFormat(m, e, productBias), new FloatingFormat(m, e, sumBias), true);
  }

  /** Of all pairs of a product that is not negative and a register of either sign. */
  private static long differing(FloatingAccumulator accumulator) {
    float[] products = values(accumulator.product());
    float[] registers = values(accumulator.sum());
    Truncation sum = accumulator.sumTruncation();
    return IntStream.range(0, registers.length)
        .parallel()
        .mapToLong(i -> {
          long differing = 0;
          for (float term : products) {
            differing += differs(sum, term, registers[i]) ? 1 : 0;
            differing += differs(sum, term, -registers[i]) ? 1 : 0;
          }
          return differing;
        })
        .sum();
  }

  private static boolean differs(Truncation sum, float term, float register) {
    double exact = (double) term + register; // exponents at most 40 apart: fits binary64
    return sum.apply(term + register) != exact(sum, exact)
        || sum.overflows(term + register) != Math.abs(exact) > sum.largest()
        || sum.underflows(term + register) != (exact != 0 && Math.abs(exact) < sum.least());
  }

  private static float[] values(FloatingFormat format) {
    float[] values = new float[1 + (1 << (format.bits() - 1))];
    for (int i = 1; i < values.length; i++) {
      int exponent = (i - 1 >> format.mantissaBits()) - format.bias();
      int fraction = (i - 1) & (1 << format.mantissaBits()) - 1;
      values[i] = Math.scalb(1 + Math.scalb((float) fraction, -format.mantissaBits()), exponent);
    }
    return values;
  }

  /** The definition on a number that binary64 holds: whole units of the last place, by division. */
  private static float exact(Truncation truncation, double value) {
    double magnitude = Math.abs(value);
    if (magnitude < truncation.least()) {
      return 0f;
    }
    if (magnitude > truncation.largest()) {
      return Math.copySign(truncation.largest(), (float) value);
    }
    int m = BigInteger.valueOf(truncation.keptBits() & (1 << 23) - 1).bitCount();
    double unit = Math.scalb(1.0, Math.getExponent(magnitude) - m);
    return (float) (Math.signum(value) * Math.floor(magnitude / unit) * unit);
  }
}
