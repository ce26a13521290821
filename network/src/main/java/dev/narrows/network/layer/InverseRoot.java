package dev.narrows.network.layer;

import dev.narrows.core.quantize.FixedPoint;

/**
 * 1/√x of a whole number as TFLite has it: multiplier · 2^(shift − 31), found by five of Newton's
 * steps in 32-bit fixed point; 0 counts as 1.
 *
 * @param shift 0 or negative
 */
public record InverseRoot(int multiplier, int shift) {
  private static final int ONE = 1 << 28; // Q3.28
  private static final int HALF_THREE = ONE + (ONE >> 1);
  private static final int HALF_ROOT = 1518500250; // √2/2, Q0.31

  /** 1/√x for x ≥ 0. */
  public static InverseRoot of(int value) {
    if (value <= 1) {
      return new InverseRoot(Integer.MAX_VALUE, 0);
    }
    int input = value;
    int right = 11;
    while (input >= 1 << 29) {
      input /= 4;
      right++;
    }
    int pairs = (Integer.numberOfLeadingZeros(input) - 1) / 2 - 1;
    right -= pairs;
    input <<= 2 * pairs;
    int half = FixedPoint.roundingDivideByPowerOfTwo(input >> 1, 1);
    int x = ONE;
    for (int i = 0; i < 5; i++) {
      int square = multiply(x, x); // Q6.25
      int cube = shifted(multiply(square, x), 6); // Q9.22 to Q3.28
      // both products are Q6.25
      x = shifted(multiply(HALF_THREE, x) - multiply(half, cube), 3);
    }
    int root = multiply(x, HALF_ROOT);
    if (right < 0) {
      root <<= -right;
      right = 0;
    }
    return new InverseRoot(root, -right);
  }

  private static int multiply(int a, int b) {
    return FixedPoint.saturatingRoundingDoublingHighMul(a, b);
  }

  /** Shifted left, saturating. */
  private static int shifted(int x, int left) {
    return Math.clamp((long) x << left, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
