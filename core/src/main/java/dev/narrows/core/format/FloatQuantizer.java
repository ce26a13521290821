package dev.narrows.core.format;

/** How a number of binary32 becomes a value of a narrower format. */
public sealed interface FloatQuantizer permits Truncation, NearestRounding {
  /**
   * The value of the format; never −0.
   *
   * @throws ArithmeticException if {@code value} is not a number and the format has none
   */
  float apply(float value);

  /** Whether {@link #apply} makes zero of a number that is not. */
  boolean underflows(float value);

  /** Whether {@link #apply} gives the largest value, or infinity, for a number beyond it. */
  boolean overflows(float value);

  /** The largest finite value. */
  float largest();

  /** The smallest positive value, of which all others are multiples; a power of two. */
  float quantum();

  /** Whether infinities and NaN are values that registers carry on. */
  boolean carriesInfinities();
}
