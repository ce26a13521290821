package dev.narrows.network.layer;

/**
 * Functions in 16-bit fixed point, bit for bit those of gemmlowp's {@code fixedpoint.h} that
 * TFLite's recurrent operators use. Qm.n has m integer bits, a sign and n = 15 − m fraction bits.
 * Constants are those of 32 bits, rounded to the upper 16.
 *
 * @see <a
 *     href="https://github.com/google/gemmlowp/blob/master/fixedpoint/fixedpoint.h">gemmlowp</a>
 */
final class ShortFixedPoint {
  /** e^(−2^k) in Q0.15 for k = −2 … 4. */
  private static final int[] POWERS = {25520, 19875, 12055, 4435, 600, 11, 0};

  private static final int EIGHTH_EXPONENTIAL = 28918; // e^(−1/8), Q0.15
  private static final int THIRD = 10923; // 1/3, Q0.15
  private static final int NEWTON_START = 23130; // 48/17, Q2.13
  private static final int NEWTON_SLOPE = -15420; // −32/17, Q2.13
  private static final int FRACTION = 15;
  private static final int ONE = Short.MAX_VALUE; // of Q0.15

  private ShortFixedPoint() {}

  /** 1 / (1 + e^−a) in Q0.15 of a in Q{@code integerBits}. */
  static int logistic(int a, int integerBits) {
    if (a == 0) {
      return 1 << (FRACTION - 1);
    }
    int negative = a > 0 ? -a : a;
    int half = halfOfOnePlus(exponential(negative, integerBits));
    int positive = saturated(newton(half) << 1); // of x/2 in Q1.14 to Q0.15
    return a > 0 ? positive : (short) (ONE - positive);
  }

  /** tanh a in Q0.15 of a in Q{@code integerBits}. */
  static int tanh(int a, int integerBits) {
    if (a == 0) {
      return 0;
    }
    int negative = a < 0 ? a : -a;
    int half = halfOfOnePlus(exponential(negative, integerBits + 1)); // of 2a
    int positive = saturated((short) (newton(half) - (1 << (FRACTION - 2))) << 2);
    return a < 0 ? -positive : positive;
  }

  /** e^a in Q0.15 of a ≤ 0: a = −r − f with f in (0, 1/4], and r by its bits. */
  private static int exponential(int a, int integerBits) {
    if (a == 0) {
      return ONE;
    }
    int fraction = FRACTION - integerBits;
    if (integerBits > 5 && a < -32 << fraction) { // the powers end at e^(−16)
      return 0;
    }
    int quarter = 1 << (fraction - 2);
    int inside = (a & (quarter - 1)) - quarter;
    int rest = inside - a;
    int result = quarterExponential(saturated(inside << integerBits));
    for (int k = 0; k < POWERS.length && integerBits > k - 2; k++) {
      if ((rest & (1 << (fraction - 2 + k))) != 0) {
        result = multiply(result, POWERS[k]);
      }
    }
    return result;
  }

  /** e^a in Q0.15 for a in [−1/4, 0), Q0.15: Taylor's series at −1/8. */
  private static int quarterExponential(int a) {
    int x = a + (1 << (FRACTION - 3));
    int x2 = multiply(x, x);
    int x3 = multiply(x2, x);
    int x4 = multiply(x2, x2);
    int higher = halved(multiply((halved(x4, 2) + x3), THIRD) + x2, 1);
    return saturated(EIGHTH_EXPONENTIAL + multiply(EIGHTH_EXPONENTIAL, x + higher));
  }

  private static int halfOfOnePlus(int a) {
    return (a + ONE + 1) / 2;
  }

  /** 1 / half in Q2.13: three of Newton's steps. */
  private static int newton(int half) {
    int x = NEWTON_START + multiply(half, NEWTON_SLOPE);
    for (int i = 0; i < 3; i++) {
      int rest = (short) ((1 << (FRACTION - 2)) - multiply(half, x));
      x = (short) (x + saturated(multiply(x, rest) << 2));
    }
    return x;
  }

  private static int multiply(int a, int b) {
    int product = a * b;
    int nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return saturated((product + nudge) / (1 << FRACTION)); // beyond only for −1 · −1
  }

  private static int halved(int x, int times) {
    int half = 1 << (times - 1);
    return (x >= 0 ? x + half : x - half) / (1 << times);
  }

  private static int saturated(int x) {
    return Math.clamp(x, Short.MIN_VALUE, Short.MAX_VALUE);
  }
}
