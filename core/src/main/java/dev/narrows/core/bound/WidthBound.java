package dev.narrows.core.bound;

import java.math.BigInteger;

/**
 * A width that no input can overflow. The four differ in how much they look at: the types only
 * ({@link DataTypeBound}), the weights' norm ({@link L1Bound}, {@link ZeroCentredBound}), or every
 * weight and the inputs' range ({@link SignSumBound}, which is exact).
 */
public sealed interface WidthBound permits DataTypeBound, L1Bound, ZeroCentredBound, SignSumBound {
  /** P, at least 1. */
  int bits();

  /**
   * The smallest P with 2^(P−1) − 1 ≥ {@code magnitude}: the width that holds [−magnitude,
   * magnitude]. As bitLength(m) is the smallest n with 2^n − 1 ≥ m, it is 1 + bitLength.
   */
  static int holding(BigInteger magnitude) {
    return 1 + magnitude.bitLength();
  }
}
