package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;

/**
 * A non-negative real factor as TFLite stores it: multiplier · 2^(shift − 31).
 *
 * @param multiplier 0 … 2^31 − 1; normalised ones are at least 2^30
 * @param shift power of two, −31 … 30; negative shifts go to the right
 */
public record FixedPoint(int multiplier, int shift) {
  /** The largest left shift: 1 &lt;&lt; 30 is the largest power of two in 32 bits. */
  static final int MAX_SHIFT = 30;

  /** The largest right shift of a 32-bit value. */
  static final int MIN_SHIFT = -31;

  private static final int MOST_TFLITE_BITS = 16;

  private static final double SMALLEST_UNNORMALISED = 0x1p-16;

  public FixedPoint {
    require("", multiplier, shift);
  }

  /** A factor whose errors say where it stands. */
  static FixedPoint of(String place, int multiplier, int shift) {
    require(place, multiplier, shift);
    return new FixedPoint(multiplier, shift);
  }

  private static void require(String place, int multiplier, int shift) {
    if (multiplier < 0) {
      throw new IllegalArgumentException(
          place + "multiplier must not be negative, got " + multiplier);
    }
    if (shift < MIN_SHIFT || shift > MAX_SHIFT) {
      throw new IllegalArgumentException(place + "shift must be in [-31, 30], got " + shift);
    }
  }

  /**
   * TFLite's {@code QuantizeMultiplier}: 31 significant bits, rounded half up; factors below 2^−32
   * become zero.
   *
   * @throws IllegalArgumentException unless {@code real} is in [0, 2^30)
   */
  public static FixedPoint fromReal(double real) {
    requireFactor(real);
    int shift = Math.getExponent(real) + 1; // real = fraction · 2^shift, fraction in [1/2, 1)
    long multiplier = Math.round(Math.scalb(real, 31 - shift));
    if (multiplier == 1L << 31) {
      multiplier >>= 1;
      shift++;
    }
    if (shift < MIN_SHIFT) { // 0 and subnormal numbers too: their exponent is far below
      return new FixedPoint(0, 0);
    }
    if (shift > MAX_SHIFT) {
      throw new IllegalArgumentException("factor must be below 2^30, got " + real);
    }
    return new FixedPoint((int) multiplier, shift);
  }

  /**
   * The form of our own networks: for 2^−16 ≤ {@code real} &lt; 1 the multiplier is round(real ·
   * 2^31) and the shift 0, so that a sum is rounded once. {@link #fromReal} shifts right after the
   * multiplication and rounds a second time; factors below 2^−16 need that, to keep at least 15
   * significant bits.
   *
   * @throws IllegalArgumentException unless {@code real} is in [0, 2^30)
   */
  public static FixedPoint singleRounding(double real) {
    requireFactor(real);
    if (real < SMALLEST_UNNORMALISED || real >= 1) {
      return fromReal(real);
    }
    long multiplier = Math.round(real * 0x1p31);
    return multiplier == 1L << 31 ? fromReal(1) : new FixedPoint((int) multiplier, 0);
  }

  /** The factor that the two integers stand for; exact. */
  public double real() {
    return Math.scalb((double) multiplier, shift - 31);
  }

  /**
   * TFLite's {@code MultiplyByQuantizedMultiplier}: shift left, take the rounded high half of the
   * doubled product, divide by a power of two with rounding.
   *
   * <p>A left shift out of 32 bits wraps around, as in TFLite's reference kernels.
   */
  public int multiply(int value) {
    return scaled(value << Math.max(shift, 0));
  }

  private int scaled(int shifted) {
    return roundingDivideByPowerOfTwo(
        saturatingRoundingDoublingHighMul(shifted, multiplier), Math.max(-shift, 0));
  }

  /**
   * The code of a value: its multiple plus {@code zeroPoint}, clamped to [min, max].
   *
   * <p>Codes of up to 16 bits are TFLite's: what leaves 32 bits on the way wraps around, as in its
   * reference kernels. Wider codes, such as class scores, are Narrows' own: there the left shift
   * saturates, so that the largest score stays the largest.
   */
  public int code(int value, int zeroPoint, int min, int max) {
    if (wraps(min, max)) {
      return Math.clamp(multiply(value) + zeroPoint, min, max);
    }
    long shifted = (long) value << Math.max(shift, 0);
    int held = Math.clamp(shifted, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return Math.clamp((long) scaled(held) + zeroPoint, min, max);
  }

  /** Whether codes in [min, max] are TFLite's, whose arithmetic wraps around at 32 bits. */
  public static boolean wraps(int min, int max) {
    return (long) max - min < 1 << MOST_TFLITE_BITS;
  }

  /** Whether the codes of a range of values never fall, as nothing wraps around. */
  public boolean monotone(IntegerRange values, int zeroPoint, int min, int max) {
    return !wraps(min, max) || fits(values.min(), zeroPoint) && fits(values.max(), zeroPoint);
  }

  private boolean fits(long value, int zeroPoint) {
    long shifted = value << Math.max(shift, 0);
    if (value != (int) value || shifted != (int) shifted) {
      return false;
    }
    long code = (long) scaled((int) shifted) + zeroPoint;
    return code == (int) code;
  }

  /**
   * gemmlowp's {@code SaturatingRoundingDoublingHighMul}: ⌊a·b / 2^31 + 1/2⌋, ties upwards. Only
   * −2^31 · −2^31 does not fit, and gives 2^31 − 1.
   */
  public static int saturatingRoundingDoublingHighMul(int a, int b) {
    // gemmlowp nudges negative products by 1 − 2^30 and truncates the quotient: the same value.
    long rounded = ((long) a * b + (1L << 30)) >> 31;
    return (int) Math.min(rounded, Integer.MAX_VALUE);
  }

  /** gemmlowp's {@code RoundingDivideByPOT}: x / 2^exponent to nearest, ties away from zero. */
  public static int roundingDivideByPowerOfTwo(int x, int exponent) {
    int mask = (int) ((1L << exponent) - 1);
    int remainder = x & mask;
    int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + (remainder > threshold ? 1 : 0);
  }

  private static void requireFactor(double real) {
    if (!(real >= 0) || Double.isInfinite(real)) {
      throw new IllegalArgumentException(
          "requantisation factor must be finite and not negative, got " + real);
    }
  }
}
