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

  private static final int LOGARITHM_TWO = 1488522236; // ln 2, Q0.31
  private static final int FOURTH_ROOT_HALF = 1805811301; // 2^(−1/4), Q0.31
  private static final int ROOT_HALF = 1518500250; // 2^(−1/2), Q0.31
  private static final int ONE_QUARTER = 536870912; // Q0.31

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

  /**
   * ln x in Q(out).(31 − out) for x ≥ 1 in Q(in).(31 − in): x = 2^n · r, with r near 2^−¼ twice,
   * from x and from x·√½, of which the better is taken; ln r by a quotient of polynomials.
   */
  static int logarithm(int x, int in, int out) {
    int bits = out + 1; // one more while adding, so that nothing saturates
    int quarter = FixedPoint.roundingDivideByPowerOfTwo(ONE_QUARTER, bits);
    int leading = Integer.numberOfLeadingZeros(x);
    int rootA = multiply(saturatingShift(x, leading - 1), ROOT_HALF);
    int nearA = saturatingShift(rootA, 1);
    int powerA = saturated((long) saturatingShift(in - leading, 31 - bits) + quarter);
    int leadingB = Integer.numberOfLeadingZeros(multiply(x, ROOT_HALF)) - 1;
    int nearB = saturatingShift(x, leadingB);
    int powerB = saturated((long) saturatingShift(in - leadingB, 31 - bits) - quarter);
    int r = Math.min(nearA, nearB);
    int power = Math.max(powerA, powerB);
    int p = halfSum(r, FOURTH_ROOT_HALF);
    int q = r - FOURTH_ROOT_HALF;
    q = q + q;
    int square = multiply(q, q);
    int numerator = multiply(q, r) + multiply(multiply(q, square), 117049297);
    int denominator =
        multiply(p, 1057819769 + q + multiply(127690142, square)) + multiply(638450708, q);
    int reciprocal = reciprocalOfOnePlus(denominator);
    int scaled = FixedPoint.roundingDivideByPowerOfTwo(numerator, bits);
    return saturatingShift(multiply(power, LOGARITHM_TWO) + multiply(scaled, reciprocal), 1);
  }

  private static int halfSum(int a, int b) {
    long sum = (long) a + b;
    return (int) ((sum + (sum >= 0 ? 1 : -1)) / 2);
  }

  private static int saturated(long x) {
    return Math.clamp(x, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static int multiply(int a, int b) {
    return FixedPoint.saturatingRoundingDoublingHighMul(a, b);
  }

  private static int saturatingShift(int x, int left) {
    return Math.clamp((long) x << left, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
