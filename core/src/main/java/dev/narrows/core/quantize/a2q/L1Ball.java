package dev.narrows.core.quantize.a2q;

import java.util.Arrays;

/**
 * The point of the ℓ₁ ball that is nearest to given weights (Duchi et al., ICML 2008): all
 * magnitudes fall by one θ, those below it to zero. With u = |w| descending, ρ the last j with
 * u_j·j &gt; Σ_{i≤j} u_i − T, θ = (Σ_{i≤ρ} u_i − T)/ρ.
 *
 * @see "docs/training.md, equations (21) and (22)"
 */
public final class L1Ball {
  private L1Ball() {}

  /**
   * Projects {@code weights} onto the ball of radius {@code radius} = T.
   *
   * @param weights finite; not changed
   * @param radius at least 0
   * @return equal weights if they lie inside
   */
  public static double[] project(double[] weights, double radius) {
    if (!(radius >= 0)) {
      throw new IllegalArgumentException("radius must not be negative, got " + radius);
    }
    double[] descending = magnitudes(weights);
    Arrays.sort(descending);
    double norm = 0;
    for (double magnitude : descending) {
      norm += magnitude;
    }
    double[] projected = weights.clone();
    if (norm <= radius) {
      return projected;
    }
    double sum = 0;
    double threshold = Double.POSITIVE_INFINITY; // stays where T vanishes beside the weights
    for (int j = 1; j <= descending.length; j++) {
      double magnitude = descending[descending.length - j];
      sum += magnitude;
      if (magnitude * j > sum - radius) {
        threshold = (sum - radius) / j;
      }
    }
    for (int k = 0; k < projected.length; k++) {
      double left = Math.max(Math.abs(weights[k]) - threshold, 0);
      projected[k] = left == 0 ? 0 : Math.copySign(left, weights[k]);
    }
    return projected;
  }

  private static double[] magnitudes(double[] weights) {
    double[] magnitudes = new double[weights.length];
    for (int k = 0; k < weights.length; k++) {
      if (!Double.isFinite(weights[k])) {
        throw new IllegalArgumentException(
            "weight %d must be finite, got %s".formatted(k, weights[k]));
      }
      magnitudes[k] = Math.abs(weights[k]);
    }
    return magnitudes;
  }
}
