package dev.narrows.core.format;

/**
 * Rounding to the nearest value of a format, ties to even.
 *
 * <p>Below 2^{@code leastExponent} values are multiples of {@code quantum}: in formats with
 * subnormals a fraction of the smallest normal value, in formats without it that value itself.
 *
 * @param mantissaBits m
 * @param leastExponent of the smallest normal value
 * @param quantum the smallest positive value; a power of two
 * @param largest the largest finite value
 * @param beyond what is given for what rounds beyond it: {@code largest}, or infinity
 * @param carriesInfinities whether infinities and NaN are values; otherwise NaN is an error
 */
public record NearestRounding(
    int mantissaBits,
    int leastExponent,
    float quantum,
    float largest,
    float beyond,
    boolean carriesInfinities)
    implements FloatQuantizer {
  private static final int FRACTION = 23;

  /**
   * A format without subnormals and infinities, as {@link FloatingFormat} is.
   *
   * @param underflow when false, the mantissa is kept down to 2^−126
   */
  static NearestRounding of(FloatingFormat format, boolean underflow) {
    int least = underflow ? format.lowestExponent() : Float.MIN_EXPONENT;
    return new NearestRounding(
        format.mantissaBits(),
        least,
        Math.scalb(1f, least),
        format.largest(),
        format.largest(),
        false);
  }

  /** The fields of a format read as IEEE 754 reads them: the ends of the exponents are codes. */
  static NearestRounding ieee(FloatingFormat format) {
    int most = (1 << format.exponentBits()) - 2 - format.bias();
    float largest = Math.scalb(2 - Math.scalb(1f, -format.mantissaBits()), most);
    return subnormal(
        format.mantissaBits(), 1 - format.bias(), largest, Float.POSITIVE_INFINITY, true);
  }

  /** A format with subnormals. */
  static NearestRounding subnormal(
      int mantissaBits, int leastExponent, float largest, float beyond, boolean infinities) {
    return new NearestRounding(
        mantissaBits,
        leastExponent,
        Math.scalb(1f, leastExponent - mantissaBits),
        largest,
        beyond,
        infinities);
  }

  @Override
  public float apply(float value) {
    if (Float.isNaN(value)) {
      if (carriesInfinities) {
        return Float.NaN;
      }
      throw new ArithmeticException("a floating-point register met a value that is not a number");
    }
    float rounded = magnitude(value);
    float held = rounded > largest ? beyond : rounded;
    return held == 0 ? 0f : Math.copySign(held, value);
  }

  /** |value| rounded to m bits, as if there were no largest value. */
  private float magnitude(float value) {
    float magnitude = Math.abs(value);
    if (magnitude < Math.scalb(1f, leastExponent)) {
      // a quotient by a power of two is exact in binary64
      return (float) (Math.rint((double) magnitude / quantum) * quantum);
    }
    int dropped = FRACTION - mantissaBits;
    if (dropped == 0 || magnitude == Float.POSITIVE_INFINITY) {
      return magnitude;
    }
    int bits = Float.floatToRawIntBits(magnitude);
    int rounded = bits + (1 << (dropped - 1)) - 1 + (bits >>> dropped & 1);
    return Float.intBitsToFloat(rounded & -1 << dropped);
  }

  @Override
  public boolean underflows(float value) {
    return value != 0 && magnitude(value) == 0;
  }

  @Override
  public boolean overflows(float value) {
    return magnitude(value) > largest;
  }
}
