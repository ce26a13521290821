package dev.narrows.network.llama;

/**
 * Activations of one token as integers: a scale for each token, found as it comes, and codes from
 * −{@value #MOST} to {@value #MOST}.
 *
 * <p>With u_k = x_k · 2^−e_k, where the e_k are the matrix's (0 where it has none), and m =
 * max|u_k| in binary32, the scale is s = m / 127 and code k is u_k / s, each division rounded to
 * binary32, then to the nearest integer, half to even, and clamped. A token of zeros has the scale
 * 0 and the codes 0, and so has one that is too small for a scale.
 */
public final class TokenCodes {
  /** The largest magnitude of a code. */
  public static final int MOST = 127;

  private TokenCodes() {}

  /**
   * The scale of a token.
   *
   * @param largest m
   * @throws ArithmeticException if that is not a finite number
   */
  public static float scale(float largest) {
    if (!(largest < Float.POSITIVE_INFINITY)) {
      throw new ArithmeticException("a token holds " + largest + ", which has no integer code");
    }
    return largest / MOST;
  }

  /** The code of u under a scale. */
  public static int code(float u, float scale) {
    return scale > 0 ? (int) Math.clamp(Math.rint((double) (u / scale)), -MOST, MOST) : 0;
  }

  /**
   * The codes of a token.
   *
   * @param x activations, [K]
   * @param shifts e, [K], or empty
   * @param codes gets [K]
   * @return the scale
   * @throws ArithmeticException if an activation is not finite
   */
  public static float of(float[] x, byte[] shifts, int[] codes) {
    float largest = 0;
    for (int k = 0; k < x.length; k++) {
      largest = Math.max(largest, Math.abs(shifted(x[k], shifts, k))); // NaN stays NaN
    }
    float scale = scale(largest);
    for (int k = 0; k < x.length; k++) {
      codes[k] = code(shifted(x[k], shifts, k), scale);
    }
    return scale;
  }

  private static float shifted(float x, byte[] shifts, int term) {
    return shifts.length == 0 ? x : x * power(-shifts[term]);
  }

  /** 2^e. */
  static float power(int exponent) {
    return Math.scalb(1f, exponent);
  }
}
