package dev.narrows.network.layer;

import dev.narrows.core.quantize.FixedPoint;

/**
 * Functions in 32-bit fixed point, bit for bit those of gemmlowp's {@code fixedpoint.h} that TFLite
 * uses. Qm.n has m integer bits, a sign and n = 31 − m fraction bits.
 *
 * @see <a
 *     href="https://github.com/google/gemmlowp/blob/master/fixedpoint/fixedpoint.h">gemmlowp</a>
 */
final class FixedPointFunctions {
  /** e^(−2^k) in Q0.31 for k = −2 … 4. */
  private static final int[] POWERS = {
    1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
  };

  private static final int EIGHTH_EXPONENTIAL = 1895147668; // e^(−1/8), Q0.31
  private static final int THIRD = 715827883; // 1/3, Q0.31
  private static final int NEWTON_START = 1515870810; // 48/17, Q2.29
  private static final int NEWTON_SLOPE = -1010580540; // −32/17, Q2.29
  private static final int FRACTION = 26; // of Q5.26

  private FixedPointFunctions() {}

  /** e^a in Q0.31 of a ≤ 0 in Q5.26: a = −r − f with f in (0, 1/4], and r by its bits. */
  static int exponential(int a) {
    if (a == 0) {
      return Integer.MAX_VALUE;
    }
    int quarter = 1 << (FRACTION - 2);
    int fraction = (a & (quarter - 1)) - quarter;
    int remainder = fraction - a;
    int result = quarterExponential(fraction << 5);
    for (int k = 0; k < POWERS.length; k++) {
      if ((remainder & (1 << (FRACTION - 2 + k))) != 0) {
        result = multiply(result, POWERS[k]);
      }
    }
    return result;
  }

  /** e^a in Q0.31 for a in [−1/4, 0), Q0.31: Taylor's series at −1/8. */
  private static int quarterExponential(int a) {
    int x = a + (1 << 28);
    int x2 = multiply(x, x);
    int x3 = multiply(x2, x);
    int x4 = multiply(x2, x2);
    int fourth = FixedPoint.roundingDivideByPowerOfTwo(x4, 2);
    int higher = FixedPoint.roundingDivideByPowerOfTwo(multiply(fourth + x3, THIRD) + x2, 1);
    return EIGHTH_EXPONENTIAL + multiply(EIGHTH_EXPONENTIAL, x + higher);
  }

  /** 1 / (1 + a) in Q0.31 for a in [0, 1), Q0.31: three of Newton's steps for (1 + a) / 2. */
  static int reciprocalOfOnePlus(int a) {
    int half = (int) (((long) a + Integer.MAX_VALUE + 1) / 2);
    int x = NEWTON_START + multiply(half, NEWTON_SLOPE);
    for (int i = 0; i < 3; i++) {
      int rest = (1 << 29) - multiply(half, x);
      x += saturatingShift(multiply(x, rest), 2);
    }
    return saturatingShift(x, 1);
  }

  private static int multiply(int a, int b) {
    return FixedPoint.saturatingRoundingDoublingHighMul(a, b);
  }

  private static int saturatingShift(int x, int left) {
    return Math.clamp((long) x << left, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
