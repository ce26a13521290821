package dev.narrows.core.quantize.a2q;

/**
 * Start values of a channel's parameters from float weights w, with s = absmax/(2^(W−1) − 1) and T
 * = s·limit.
 *
 * @param weights v, [K]
 * @param scale s; 1 for a channel of zeros
 * @param norm g; never 0, as its logarithm is stored
 * @see "docs/training.md, EP-init"
 */
public record NormStart(double[] weights, double scale, double norm) {
  /** How a channel starts. */
  public enum StartRule {
    /** v = w, g = ‖w‖₁: all but the norm is as in the float network. */
    PLAIN,
    /**
     * EP-init: v is w projected onto the ℓ₁ ball of radius T, g = min(‖v‖₁, T) (A2Q+, arXiv
     * 2401.10432, and its code).
     */
    EP,
    /**
     * As {@link #EP} with g = ‖v − v̄‖₁, so that centring does not rescale the weights (ours).
     *
     * <p>{@link NormMethod#SIGN_SUM} projects in every step instead: both leave the weights and
     * choose the scale whose integers have the least angle to them.
     */
    EP_CENTRED
  }

  /**
   * Starts a channel.
   *
   * @param w float weights, [K], finite; pruned ones are 0
   * @param mask false where a weight is pruned; empty if none is
   */
  public static NormStart of(StartRule rule, NormQuantizer quantizer, double[] w, boolean[] mask) {
    double absMax = 0;
    for (double weight : w) {
      absMax = Math.max(absMax, Math.abs(weight));
    }
    double scale = absMax > 0 ? absMax / quantizer.largest() : 1;
    if (quantizer.limit().method() == NormMethod.SIGN_SUM) {
      double best = rule == StartRule.PLAIN ? scale : bestScale(quantizer, w, mask, scale);
      return new NormStart(w.clone(), best, best);
    }
    double most = quantizer.largestNorm(scale);
    double[] v =
        switch (rule) {
          case PLAIN -> w.clone();
          case EP, EP_CENTRED -> L1Ball.project(w, most);
        };
    double norm =
        switch (rule) {
          case PLAIN -> norm(v, 0, new boolean[0]);
          case EP -> Math.min(norm(v, 0, new boolean[0]), most);
          case EP_CENTRED ->
              norm(v, quantizer.limit().method().centred() ? mean(v, mask) : 0, mask);
        };
    return new NormStart(v, scale, norm > 0 ? norm : scale);
  }

  /**
   * The scale, out of quarter powers of two around {@code scale}, whose integers have the least
   * angle to the weights; a tight budget wants few, small integers.
   */
  private static double bestScale(
      NormQuantizer quantizer, double[] w, boolean[] mask, double scale) {
    float[] v = new float[w.length];
    for (int k = 0; k < v.length; k++) {
      v[k] = (float) w[k];
    }
    int[] codes = new int[w.length];
    double best = scale;
    double bestCosine = 0;
    for (int step = -4; step <= 16; step++) {
      double trial = scale * StrictMath.pow(2, step / 4.0);
      quantizer.quantize(v, 0, v.length, mask, trial, 1, codes);
      double product = 0;
      double square = 0;
      for (int k = 0; k < v.length; k++) {
        product += codes[k] * w[k];
        square += (double) codes[k] * codes[k];
      }
      double cosine = square == 0 ? 0 : product / Math.sqrt(square); // but for the norm of w
      if (cosine > bestCosine) {
        bestCosine = cosine;
        best = trial;
      }
    }
    return best;
  }

  private static double mean(double[] v, boolean[] mask) {
    double sum = 0;
    int kept = 0;
    for (int k = 0; k < v.length; k++) {
      sum += v[k]; // pruned weights are 0
      kept += mask.length == 0 || mask[k] ? 1 : 0;
    }
    return kept == 0 ? 0 : sum / kept;
  }

  private static double norm(double[] v, double mean, boolean[] mask) {
    double norm = 0;
    for (int k = 0; k < v.length; k++) {
      norm += mask.length == 0 || mask[k] ? Math.abs(v[k] - mean) : 0;
    }
    return norm;
  }
}
