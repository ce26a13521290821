package dev.narrows.core.format;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the multipliers of matrix hardware take. A float is rounded to it to nearest even, except
 * TF32, whose multipliers drop what they do not take. Formats of 16 bits overflow to infinity;
 * those of 8 bits and fewer hold their largest value, as conversions with saturation do.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
public enum OperandFormat {
  /** As they are. */
  FP32(23, Float.MIN_EXPONENT, Float.MAX_VALUE, Float.POSITIVE_INFINITY),
  TF32(10, Float.MIN_EXPONENT, 0x1.ffcp127f, Float.POSITIVE_INFINITY),
  BF16(7, Float.MIN_EXPONENT, 0x1.fep127f, Float.POSITIVE_INFINITY),
  FP16(10, -14, 65504, Float.POSITIVE_INFINITY),
  E4M3(3, -6, 448, 448),
  E5M2(2, -14, 57344, 57344),
  /** AMD's e4m3 of CDNA3, its bias one more. */
  E4M3FNUZ(3, -7, 240, 240),
  /** AMD's e5m2 of CDNA3, its bias one more. */
  E5M2FNUZ(2, -15, 57344, 57344),
  /** Six bits, OCP Microscaling Formats 1.0: up to 28. */
  E3M2(2, -2, 28, 28),
  /** Six bits, OCP Microscaling Formats 1.0: up to 7.5. */
  E2M3(3, 0, 7.5f, 7.5f),
  /** Four bits: 0, 0.5, 1, 1.5, 2, 3, 4 and 6. */
  E2M1(1, 0, 6, 6);

  private final NearestRounding rounding;

  OperandFormat(int mantissaBits, int leastExponent, float largest, float beyond) {
    this.rounding = NearestRounding.subnormal(mantissaBits, leastExponent, largest, beyond, true);
  }

  /** The format of a name such as {@code e4m3}. */
  public static Optional<OperandFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.toString().equals(name)).findFirst();
  }

  /** How {@link #round} rounds; empty where bits are dropped, or none are. */
  public Optional<NearestRounding> rounding() {
    return this == TF32 || this == FP32 ? Optional.empty() : Optional.of(rounding);
  }

  /** Explicit mantissa bits. */
  public int mantissaBits() {
    return rounding.mantissaBits();
  }

  /** The exponent of the smallest normal value, which subnormal ones share. */
  public int leastExponent() {
    return rounding.leastExponent();
  }

  /** The largest finite value. */
  public float largest() {
    return rounding.largest();
  }

  /** The value that a multiplier takes for {@code value}; NaN stays NaN. */
  public float round(float value) {
    return this == TF32 && !Float.isNaN(value)
        ? Float.intBitsToFloat(Float.floatToRawIntBits(value) & -1 << 13)
        : rounding.apply(value);
  }

  /** Whether a finite value is beyond the format. */
  public boolean overflows(float value) {
    return this != TF32 && Float.isFinite(value) && rounding.overflows(value);
  }

  /**
   * The largest k such that 2^k · {@code most} is in the format: by which operands of magnitudes up
   * to {@code most} are scaled. 0 if there are none, or infinite ones.
   */
  public int scaling(float most) {
    if (most == 0 || !Float.isFinite(most)) {
      return 0;
    }
    int k = Math.getExponent(largest()) - exponent(most);
    return Math.scalb((double) most, k) > largest() ? k - 1 : k;
  }

  /**
   * The exponent of the power of two that a block of operands is divided by whose largest magnitude
   * is {@code most}: OCP Microscaling Formats 1.0, section 6.3. 0 if there are none, or infinite
   * ones.
   *
   * @return from −127 to 127
   */
  public int blockExponent(float most) {
    return most == 0 || !Float.isFinite(most)
        ? 0
        : Math.clamp(exponent(most) - Math.getExponent(largest()), -127, 127);
  }

  /** ⌊log₂⌋ of a positive number. */
  private static int exponent(float value) {
    return Math.getExponent((double) value); // normal in binary64
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
