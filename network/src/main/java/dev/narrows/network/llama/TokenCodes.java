package dev.narrows.network.llama;

/**
 * Activations of one token as integers: a scale for each token, found as it comes, and codes from
 * −M to M, M = 2^(bits − 1) − 1.
 *
 * <p>With u the activations as the matrix has them prepared ({@link TokenPreparation}) and m =
 * max|u_k| in binary32, the scale is s = m / M and code k is u_k / s, each division rounded to
 * binary32, then to the nearest integer, half to even, and clamped. A token of zeros has the scale
 * 0 and the codes 0, and so has one that is too small for a scale.
 *
 * @param bits of a code, 2 to 8
 */
public record TokenCodes(int bits) {
  /** Codes of 8 bits: from −127 to 127. */
  public static final TokenCodes EIGHT = new TokenCodes(8);

  /**
   * Checks the width.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public TokenCodes {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("activations must have 2 to 8 bits, got " + bits);
    }
  }

  /** M, the largest magnitude of a code. */
  public int most() {
    return (1 << (bits - 1)) - 1;
  }

  /**
   * The scale of a token.
   *
   * @param largest m
   * @throws ArithmeticException if that is not a finite number
   */
  public float scale(float largest) {
    if (!(largest < Float.POSITIVE_INFINITY)) {
      throw new ArithmeticException("a token holds " + largest + ", which has no integer code");
    }
    return largest / most();
  }

  /** The code of u under a scale. */
  public int code(float u, float scale) {
    return scale > 0 ? (int) Math.clamp(Math.rint((double) (u / scale)), -most(), most()) : 0;
  }

  /**
   * The codes of a token.
   *
   * @param x activations, [K]
   * @param preparation what is done to them first
   * @param codes gets [K]
   * @return the scale
   * @throws ArithmeticException if an activation is not finite
   */
  public float of(float[] x, TokenPreparation preparation, int[] codes) {
    float[] u = x.clone();
    preparation.activations(u, u.length, 1, 1);
    float largest = 0;
    for (float one : u) {
      largest = Math.max(largest, Math.abs(one)); // NaN stays NaN
    }
    float scale = scale(largest);
    for (int k = 0; k < u.length; k++) {
      codes[k] = code(u[k], scale);
    }
    return scale;
  }
}
