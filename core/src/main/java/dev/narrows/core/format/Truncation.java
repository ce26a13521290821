package dev.narrows.core.format;

/**
 * The quantiser of a {@link FloatingFormat}, on binary32: 0 below {@code least}, ±{@code largest}
 * beyond it, and between them the mantissa truncated toward zero.
 *
 * @param least the smallest magnitude kept; a normal power of two
 * @param largest the largest magnitude; a value of the format
 * @param keptBits the bits of binary32 that truncation keeps, sign and exponent included
 */
public record Truncation(float least, float largest, int keptBits) implements FloatQuantizer {
  /**
   * The quantised value; never −0.
   *
   * @throws ArithmeticException if {@code value} is not a number
   */
  @Override
  public float apply(float value) {
    float magnitude = Math.abs(requireNumber(value));
    if (magnitude < least) {
      return 0f;
    }
    return magnitude > largest
        ? Math.copySign(largest, value)
        : Float.intBitsToFloat(Float.floatToRawIntBits(value) & keptBits);
  }

  /** Whether {@link #apply} flushes a number that is not 0 to zero. */
  @Override
  public boolean underflows(float value) {
    return value != 0 && Math.abs(value) < least;
  }

  /** Whether {@link #apply} clamps; infinities overflow. */
  @Override
  public boolean overflows(float value) {
    return Math.abs(value) > largest;
  }

  @Override
  public float quantum() {
    return least;
  }

  @Override
  public boolean carriesInfinities() {
    return false;
  }

  float requireNumber(float value) {
    if (Float.isNaN(value)) {
      throw new ArithmeticException("a floating-point register met a value that is not a number");
    }
    return value;
  }
}
