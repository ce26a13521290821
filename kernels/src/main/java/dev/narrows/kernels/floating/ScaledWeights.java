package dev.narrows.kernels.floating;

import dev.narrows.core.format.Truncation;
import java.util.Optional;

/**
 * Weights, and what goes with them, so that products and sums of a register that truncates are 2 at
 * least or underflow: one bit of their exponent tells it. Scaling by powers of two changes no
 * rounding, since nothing leaves the normal numbers of binary32 that does not underflow.
 *
 * @param weights [channels][K], in the sequence of the walk, times what makes products so large
 * @param toSums what makes such products as large as sums
 * @param back what makes sums what they are
 */
record ScaledWeights(float[] weights, float toSums, float back) {
  /** Of the exponents that are scaled by and of what comes of it; leaves room for a sum of two. */
  private static final int MOST = 100;

  /** Empty where something would leave the normal numbers if no clamp fires. */
  static Optional<ScaledWeights> of(float[] weights, QuantizerBits steps) {
    int products = scaling(steps.product());
    int sums = scaling(steps.sum());
    if (!fits(steps.product(), products) || !fits(steps.sum(), sums)) {
      return Optional.empty();
    }
    float factor = Math.scalb(1f, products);
    float[] scaled = new float[weights.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = weights[i] * factor;
      if (!Float.isFinite(scaled[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new ScaledWeights(scaled, Math.scalb(1f, sums - products), Math.scalb(1f, -sums)));
  }

  private static int scaling(Truncation format) {
    return 1 - Math.getExponent(format.least());
  }

  private static boolean fits(Truncation format, int scaling) {
    return scaling >= 0 && scaling <= MOST && Math.getExponent(format.largest()) + scaling <= MOST;
  }
}
