package dev.narrows.core.order;

/**
 * What bounds on a floating-point sum need to know of its terms, which are exact products of two
 * operands.
 *
 * @param count n, the terms that are not 0
 * @param exact Σt, off by at most {@code inexactness}
 * @param inexactness 0 where {@code exact} is exact
 * @param magnitudes A = Σ|t|, or more
 * @param greatest max|t|, or more
 * @param lowestBit z: every term is a multiple of 2^z; {@link #NO_BIT} without terms
 */
public record TermSums(
    int count,
    double exact,
    double inexactness,
    double magnitudes,
    double greatest,
    int lowestBit) {
  /** The z of nothing. */
  public static final int NO_BIT = Integer.MAX_VALUE;

  private static final int FRACTION = 52; // explicit mantissa bits of binary64
  private static final double ROUNDING = 0x1p-53;

  /**
   * Of integer terms whose sums are known.
   *
   * @param count of terms that are not 0
   * @param sum Σt; |sum| ≤ 2^53
   * @param magnitudes Σ|t|, at most 2^53
   * @param bits the bits of all |t|, ORed
   */
  public static TermSums ofIntegers(
      int count, long sum, long magnitudes, long greatest, long bits) {
    if (magnitudes > 1L << 53) {
      throw new ArithmeticException("terms of %d in sum leave 53 bits".formatted(magnitudes));
    }
    return new TermSums(
        count, sum, 0, magnitudes, greatest, bits == 0 ? NO_BIT : Long.numberOfTrailingZeros(bits));
  }

  /**
   * Of exact products.
   *
   * @param products finite
   */
  public static TermSums of(double[] products) {
    int count = 0;
    double sum = 0;
    double magnitudes = 0;
    double greatest = 0;
    int lowest = NO_BIT;
    for (double product : products) {
      if (product != 0) {
        double magnitude = Math.abs(product);
        count++;
        sum += product;
        magnitudes += magnitude;
        greatest = Math.max(greatest, magnitude);
        lowest = Math.min(lowest, lowestBit(product));
      }
    }
    // while A ≤ 2^(z+53) all partial sums are multiples of 2^z that binary64 holds
    if (count == 0 || magnitudes <= Math.scalb(1.0, lowest + FRACTION + 1)) {
      return new TermSums(count, sum, 0, magnitudes, greatest, lowest);
    }
    // Higham 2002, (4.4): either sum is off by at most γ·A, γ = n·u / (1 − n·u) ≤ 2·n·u
    double most = Math.nextUp(magnitudes * (1 + 4 * count * ROUNDING));
    return new TermSums(
        count, sum, Math.nextUp(2 * count * ROUNDING * most), most, greatest, lowest);
  }

  /** The exponent of the lowest bit of a number that is not 0. */
  static int lowestBit(double value) {
    long fraction = Double.doubleToRawLongBits(value) & (1L << FRACTION) - 1;
    int exponent = Math.getExponent(value);
    if (exponent < Double.MIN_EXPONENT) {
      return Double.MIN_EXPONENT - FRACTION + Long.numberOfTrailingZeros(fraction);
    }
    return fraction == 0 ? exponent : exponent - FRACTION + Long.numberOfTrailingZeros(fraction);
  }
}
