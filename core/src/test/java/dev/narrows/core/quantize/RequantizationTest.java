package dev.narrows.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.format.IntegerRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequantizationTest {
  private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);

  /** The value TFLite's two steps define, in unbounded arithmetic and decimal rounding modes. */
  private static int oracle(int value, int multiplier, int shift) {
    BigInteger shifted =
        BigInteger.valueOf(value << Math.max(shift, 0)); // wraps around, as LiteRT's kernels do
    BigDecimal product =
        new BigDecimal(shifted.multiply(BigInteger.valueOf(multiplier)))
            .divide(new BigDecimal(BigInteger.ONE.shiftLeft(31)));
    BigInteger high = // ties go up: down in magnitude below zero
        clamp(
            product
                .setScale(0, product.signum() < 0 ? RoundingMode.HALF_DOWN : RoundingMode.HALF_UP)
                .toBigInteger());
    return new BigDecimal(high)
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(Math.max(-shift, 0))))
        .setScale(0, RoundingMode.HALF_UP) // away from zero
        .intValueExact();
  }

  private static BigInteger clamp(BigInteger value) {
    return value.min(INT_MAX).max(INT_MIN);
  }

  /** gemmlowp's own text, line by line, as a second witness for the shorter form used. */
  private static int gemmlowpHighMul(int a, int b) {
    boolean overflow = a == b && a == Integer.MIN_VALUE;
    long ab = (long) a * (long) b;
    int nudge = ab >= 0 ? (1 << 30) : (1 - (1 << 30));
    int high = (int) ((ab + nudge) / (1L << 31));
    return overflow ? Integer.MAX_VALUE : high;
  }

  @ParameterizedTest
  @CsvSource({
    // value, multiplier, shift, result: worked by hand from the definition
    "0, 1073741824, 0, 0",
    "1, 1073741824, 0, 1", // 1/2 is a tie: up
    "-1, 1073741824, 0, 0", // −1/2 is a tie: up
    "3, 1073741824, 0, 2",
    "-3, 1073741824, 0, -1",
    "2, 1073741824, -1, 1", // 1, then 1/2: away from zero
    "-2, 1073741824, -1, -1", // −1, then −1/2: away from zero
    "6, 1073741824, -1, 2", // 3, then 3/2
    "-6, 1073741824, -1, -2",
    "1, 1073741824, -1, 1", // 1/4 rounds twice: 1/2 → 1, then 1/2 → 1
    "100, 1073741824, 1, 100", // exactly 1
    "100, 1073741824, 4, 800",
    "2147483647, 1073741824, 1, -1", // the left shift wraps around to −2
    "-2147483648, 1073741824, 1, 0",
    "1073741824, 1073741824, 1, -1073741824",
    "-2147483648, 2147483647, 0, -2147483647",
    "2147483647, 2147483647, 0, 2147483646",
    "2147483647, 0, 0, 0",
    "-2147483648, 1073741824, -31, -1", // −2^30 / 2^31 = −1/2: away from zero
    "2147483647, 1073741824, -31, 1",
  })
  void fixedPoint_handWorkedRow_givesTheRow(int value, int multiplier, int shift, int expected) {
    assertThat(oracle(value, multiplier, shift)).isEqualTo(expected);
    assertThat(new FixedPoint(multiplier, shift).multiply(value)).isEqualTo(expected);
  }

  @Test
  void fixedPoint_randomOperandsAtEveryShift_agreesWithUnboundedArithmetic() {
    long seed = 20260;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 60_000; i++) {
      int shift = random.nextInt(FixedPoint.MIN_SHIFT, FixedPoint.MAX_SHIFT + 1);
      int value = random.nextInt() >> random.nextInt(32);
      int multiplier = random.nextInt() >>> random.nextInt(1, 31);
      assertThat(new FixedPoint(multiplier, shift).multiply(value))
          .as("%d * %d at shift %d", value, multiplier, shift)
          .isEqualTo(oracle(value, multiplier, shift));
    }
  }

  @Test
  void fixedPoint_everySmallValueAndTieMultiplier_agreesWithUnboundedArithmetic() {
    for (int multiplier : new int[] {1 << 30, 3 << 29, 5 << 28, 1, (1 << 30) + 1}) {
      for (int shift = -12; shift <= 3; shift++) {
        FixedPoint factor = new FixedPoint(multiplier, shift);
        for (int value = -1100; value <= 1100; value++) {
          assertThat(factor.multiply(value)).isEqualTo(oracle(value, multiplier, shift));
        }
      }
    }
  }

  @Test
  void highMul_edgesAndRandomPairs_agreeWithGemmlowpsText() {
    int[] edges = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -1, 0, 1, 1 << 30, Integer.MAX_VALUE};
    for (int a : edges) {
      for (int b : edges) {
        assertThat(FixedPoint.saturatingRoundingDoublingHighMul(a, b))
            .isEqualTo(gemmlowpHighMul(a, b));
      }
    }
    long seed = 20261;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      int a = random.nextInt();
      int b = random.nextInt() & -(1 << random.nextInt(31)); // trailing zeros make ties
      assertThat(FixedPoint.saturatingRoundingDoublingHighMul(a, b))
          .isEqualTo(gemmlowpHighMul(a, b));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1073741824, 1",
    "0.5, 1073741824, 0",
    "0.25, 1073741824, -1",
    "0.75, 1610612736, 0",
    "0.0, 0, 0",
    "0.9999999999, 1073741824, 1", // rounds up to 2^31 and is normalised again
    "3.0, 1610612736, 2",
    "2.3283064365386963E-10, 1073741824, -31", // 2^−32
    "2.328306436538696E-10, 1073741824, -31", // just below: rounds up into it
    "1.1641532182693481E-10, 0, 0", // 2^−33
    "4.9E-324, 0, 0",
  })
  void fromReal_factor_normalisesAsTflite(double real, int multiplier, int shift) {
    assertThat(FixedPoint.fromReal(real)).isEqualTo(new FixedPoint(multiplier, shift));
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 536870912, 0",
    "0.9999999999, 1073741824, 1",
    "1.525879E-5, 32768, 0", // a little above 2^−16
    "1.52587890625E-5, 32768, 0", // 2^−16
    "7.62939453125E-6, 1073741824, -16", // 2^−17: normalised
    "1.0, 1073741824, 1",
    "5.0, 1342177280, 3",
    "0.0, 0, 0",
  })
  void singleRounding_factor_isUnnormalisedFromTwoToTheMinus16ToOne(
      double real, int multiplier, int shift) {
    assertThat(FixedPoint.singleRounding(real)).isEqualTo(new FixedPoint(multiplier, shift));
  }

  @Test
  void singleRounding_everySmallSum_roundsTheDecodedProductOnce() {
    for (double real : new double[] {0.25, 0.003, 0.71, 0.015625, 1.7}) {
      FixedPoint factor = FixedPoint.singleRounding(real);
      BigDecimal decoded = new BigDecimal(factor.real());
      for (int value = -3000; value <= 3000; value++) {
        BigDecimal product = decoded.multiply(BigDecimal.valueOf(value));
        int once =
            product.add(BigDecimal.valueOf(0.5)).setScale(0, RoundingMode.FLOOR).intValueExact();
        assertThat(factor.multiply(value)).isEqualTo(once);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.5, 0x1p30})
  void fromReal_factorThatIsNone_isRefused(double real) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.fromReal(real))
        .withMessageContaining("factor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.singleRounding(real))
        .withMessageContaining("factor");
  }

  @Test
  void realMultiplier_randomFactor_isWithinHalfAUnitOfIt() {
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      double real = Math.scalb(random.nextDouble(), random.nextInt(-10, 10));
      var fixed = FixedPointMultiplier.fromReals(new double[] {real}, 0, -128, 127);
      // 31 significant bits, rounded to nearest: relative error at most 2^−31
      assertThat(Math.abs(fixed.realMultiplier(0) - real)).isLessThanOrEqualTo(real * 0x1p-31);
    }
  }

  @Test
  void fixedPointMultiplier_sumBeyond32Bits_isClampedFirst() {
    var wide =
        new FixedPointMultiplier(new int[] {1 << 30}, new int[] {0}, 0, -1 << 31, ~(1 << 31));
    assertThat(wide.apply(0, 1L << 40)).isEqualTo(1 << 30);
    assertThat(wide.apply(0, Integer.MAX_VALUE)).isEqualTo(1 << 30);
    assertThat(wide.apply(0, Long.MIN_VALUE)).isEqualTo(-1 << 30);
  }

  @Test
  void fixedPointMultiplier_zeroPointAtTheEdge_wrapsAroundForTflitesCodesOnly() {
    var high = FixedPointMultiplier.fromReals(new double[] {1}, Integer.MAX_VALUE, -128, 127);
    assertThat(high.apply(0, 1000)).isEqualTo(-128);
    var low = FixedPointMultiplier.fromReals(new double[] {1}, Integer.MIN_VALUE, -128, 127);
    assertThat(low.apply(0, -1000)).isEqualTo(127);
    var wide = FixedPointMultiplier.fromReals(new double[] {1}, Integer.MAX_VALUE, 0, 1 << 16);
    assertThat(wide.apply(0, 1000)).isEqualTo(1 << 16);
  }

  @Test
  void fixedPointMultiplier_zeroMultiplier_givesTheZeroPoint() {
    var none = FixedPointMultiplier.fromReals(new double[] {0, 1}, 3, -128, 127);
    assertThat(none.apply(0, 1_000_000)).isEqualTo(3);
    assertThat(none.apply(1, 4)).isEqualTo(7);
    assertThat(none.channels()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    // sum, scale, zero point, code
    "1, 0.5, 0, 0", // ties to even
    "3, 0.5, 0, 2",
    "5, 0.5, 0, 2",
    "-1, 0.5, 0, 0",
    "-3, 0.5, 0, -2",
    "3, 0.5, 1, 3", // the zero point comes after rounding: 2 + 1, not round(2.5)
    "1000, 1, 0, 127",
    "-1000, 1, 0, -128",
    "16777217, 1, -16777200, 16", // 2^24 + 1 is no float32: it becomes 2^24
    "9, 0, 5, 5",
    "2147483647, 3.4E38, 0, 127", // the product is infinite in float32
  })
  void floatScale_handWorkedRow_givesTheRow(long sum, float scale, int zeroPoint, int code) {
    assertThat(new FloatScale(new float[] {scale}, zeroPoint, -128, 127).apply(0, sum))
        .isEqualTo(code);
  }

  @Test
  void floatScale_scaleThatIsNone_isRefused() {
    for (float scale : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FloatScale(new float[] {1, scale}, 0, 0, 15))
          .withMessageContaining("channel 1");
    }
  }

  @Test
  void thresholds_everySumAroundThem_countsThoseReached() {
    long[][] rows = {{-5, 0, 0, 7}, {1, 2, 3, 4}};
    var thresholds = new Thresholds(rows, -2);
    for (int c = 0; c < 2; c++) {
      for (long sum = -10; sum <= 10; sum++) {
        int reached = 0;
        for (long threshold : rows[c]) {
          reached += sum >= threshold ? 1 : 0;
        }
        assertThat(thresholds.apply(c, sum)).isEqualTo(reached - 2);
      }
    }
    assertThat(thresholds.min()).isEqualTo(-2);
    assertThat(thresholds.max()).isEqualTo(2);
  }

  @Test
  void thresholds_none_giveTheOffset() {
    var constant = new Thresholds(new long[][] {{}}, 9);
    assertThat(constant.apply(5, Long.MAX_VALUE)).isEqualTo(9);
    assertThat(constant.max()).isEqualTo(9);
  }

  @Test
  void thresholds_malformed_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thresholds(new long[][] {{1, 0}}, 0))
        .withMessageContaining("ascend");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Thresholds(new long[][] {{1}, {1, 2}}, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Thresholds(new long[0][], 0));
    assertThatThrownBy(() -> new Thresholds(new long[][] {{1}}, Integer.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void requantization_everyForm_isMonotoneAndStaysInItsRange() {
    List<Requantization> forms =
        List.of(
            FixedPointMultiplier.fromReals(new double[] {0.0371}, -3, -128, 127),
            FixedPointMultiplier.singleRounding(new double[] {0.0371}, -3, -128, 127),
            FixedPointMultiplier.fromReals(new double[] {37.5}, 0, 0, 15),
            ShortMultiplier.fromReals(new double[] {0.0371}, -3, -128, 127),
            new FloatScale(new float[] {0.0371f}, -3, -128, 127),
            new Thresholds(new long[][] {{-300, -2, 0, 0, 9, 1200}}, -3));
    for (Requantization form : forms) {
      int previous = form.apply(0, -6001);
      for (long sum = -6000; sum <= 6000; sum++) {
        int code = form.apply(0, sum);
        assertThat(code).isGreaterThanOrEqualTo(previous).isBetween(form.min(), form.max());
        previous = code;
      }
      assertThat(form.range(0, new IntegerRange(-6000, 6000)))
          .isEqualTo(new IntegerRange(form.apply(0, -6000), form.apply(0, 6000)));
    }
  }

  @Test
  void fixedPoint_leftShiftOutOf32Bits_wrapsAroundForTflitesCodesOnly() {
    FixedPoint times256 = FixedPoint.fromReal(256);
    assertThat(times256.code(1 << 22, 0, -128, 127)).isEqualTo(-128);
    assertThat(times256.code(1 << 23, 0, -128, 127)).isZero();
    assertThat(times256.code((1 << 23) + 1, 0, -128, 127)).isEqualTo(127);
    assertThat(times256.code(1 << 23, 0, Integer.MIN_VALUE, Integer.MAX_VALUE))
        .isEqualTo(1 << 30); // saturates
  }

  @ParameterizedTest
  @CsvSource({
    "8388607, 127, 0", // 2^31 − 256 still fits
    "8388608, -128, 0", // as LiteRT's reference kernel: 2^31 does not fit and converts to −2^31
    "-8388608, -128, 0",
    "-8388609, -128, 0",
    "8388608, 127, -1", // −2^31 − 1 is 2^31 − 1 in 32 bits
  })
  void doubleScale_productBeyond32Bits_isTheSmallestInteger(long sum, int code, int zeroPoint) {
    DoubleScale scale = new DoubleScale(new double[] {256}, zeroPoint, -128, 127);
    assertThat(scale.apply(0, sum)).isEqualTo(code);
  }

  /** Where a form wraps around, the codes at the ends do not bound those in between. */
  @Test
  void range_formsThatWrapAround_holdsEveryCode() {
    long seed = 51;
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      double factor = Math.scalb(1 + random.nextDouble(), random.nextInt(16));
      int zeroPoint = random.nextInt(256) - 128;
      long low = random.nextInt() >> random.nextInt(20);
      IntegerRange sums = new IntegerRange(low, low + random.nextInt(1 << 24));
      List<Requantization> forms = new ArrayList<>();
      forms.add(FixedPointMultiplier.fromReals(new double[] {factor}, zeroPoint, -128, 127));
      forms.add(new DoubleScale(new double[] {factor}, zeroPoint, -128, 127));
      if (factor < 1 << 13) {
        forms.add(ShortMultiplier.fromReals(new double[] {factor}, zeroPoint, -128, 127));
      }
      for (Requantization form : forms) {
        IntegerRange codes = form.range(0, sums);
        for (int j = 0; j < 200; j++) {
          long sum = random.nextLong(sums.min(), sums.max() + 1);
          assertThat((long) form.apply(0, sum))
              .as("seed %d: %s of %d in %s", seed, form, sum, sums)
              .isBetween(codes.min(), codes.max());
        }
      }
    }
  }

  @Test
  void shortMultiplier_randomSums_agreeWithUnboundedArithmetic() {
    long seed = 47;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int multiplier = random.nextInt(1 << 15);
      int shift = random.nextInt(39) - 31;
      long sum = random.nextLong() >> 16 + random.nextInt(40);
      BigInteger expected = // half up
          new BigDecimal(BigInteger.valueOf(sum).multiply(BigInteger.valueOf(multiplier)))
              .divide(new BigDecimal(BigInteger.ONE.shiftLeft(15 - shift)))
              .add(new BigDecimal("0.5"))
              .setScale(0, RoundingMode.FLOOR)
              .toBigInteger();
      expected = // the low 32 bits, as in C++
          BigInteger.valueOf(expected.intValue())
              .max(BigInteger.valueOf(-32768))
              .min(BigInteger.valueOf(32767));
      assertThat(
              new ShortMultiplier(new int[] {multiplier}, new int[] {shift}, 0, -32768, 32767)
                  .apply(0, sum))
          .as("seed %d: %d * %d, shift %d", seed, sum, multiplier, shift)
          .isEqualTo(expected.intValueExact());
    }
  }

  @Test
  void shortMultiplier_factor_isTflitesRoundedToSixteenBits() {
    assertThat(ShortMultiplier.fromReals(new double[] {0.75, 0x0.ffffp0, 1e-20}, 0, 0, 1))
        .isEqualTo(new ShortMultiplier(new int[] {24576, 32767, 0}, new int[] {0, 0, 0}, 0, 0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShortMultiplier.fromReals(new double[] {40_000}, 0, 0, 1))
        .withMessageContaining("[-31, 14]");
  }

  @Test
  void requantization_malformed_namesTheChannelAndTheExpectation() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedPointMultiplier(new int[] {1, 1}, new int[] {0, 31}, 0, 0, 255))
        .withMessageContaining("channel 1")
        .withMessageContaining("[-31, 30]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedPointMultiplier(new int[] {-1}, new int[] {0}, 0, 0, 255))
        .withMessageContaining("negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedPointMultiplier(new int[] {1}, new int[] {0}, 0, 5, 4))
        .withMessageContaining("above");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedPointMultiplier(new int[] {1}, new int[] {}, 0, 0, 4));
  }

  @Test
  void requantization_equalContents_areEqualAndIndependentOfTheCallersArrays() {
    int[] multipliers = {1 << 30};
    var first = new FixedPointMultiplier(multipliers, new int[] {0}, 0, 0, 255);
    var second = new FixedPointMultiplier(new int[] {1 << 30}, new int[] {0}, 0, 0, 255);
    multipliers[0] = 7;
    first.multipliers()[0] = 7;
    assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    assertThat(new FloatScale(new float[] {2}, 0, 0, 3))
        .isEqualTo(new FloatScale(new float[] {2}, 0, 0, 3))
        .isNotEqualTo(new FloatScale(new float[] {3}, 0, 0, 3));
    assertThat(new Thresholds(new long[][] {{1}}, 0))
        .isEqualTo(new Thresholds(new long[][] {{1}}, 0))
        .isNotEqualTo(new Thresholds(new long[][] {{2}}, 0));
  }
}
