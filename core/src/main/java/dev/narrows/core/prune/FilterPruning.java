package dev.narrows.core.prune;

/**
 * Structured pruning: whole output channels go, those of smallest norm first.
 *
 * @see "docs/training.md, Pruning in training"
 */
public final class FilterPruning {
  /** How large a channel is taken to be. */
  public enum FilterNorm {
    /** Σ|w|. */
    L1,
    /** √Σw². */
    L2
  }

  private FilterPruning() {}

  /**
   * The norm of each channel; sums in {@code double}, so that squares of floats cannot overflow.
   *
   * @param weights [C][K], finite
   */
  public static double[] norms(float[] weights, int channels, int terms, FilterNorm norm) {
    WeightChecks.require(weights, channels, terms);
    double[] norms = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int k = 0; k < terms; k++) {
        double weight = weights[c * terms + k];
        sum +=
            switch (norm) {
              case L1 -> Math.abs(weight);
              case L2 -> weight * weight;
            };
      }
      norms[c] =
          switch (norm) {
            case L1 -> sum;
            case L2 -> Math.sqrt(sum);
          };
    }
    return norms;
  }

  /**
   * Which channels stay: the {@code keep} of largest norm; of equal norms the lower index.
   *
   * @param weights [C][K], finite
   * @param keep 0 … C
   * @return [C]
   */
  public static boolean[] mask(
      float[] weights, int channels, int terms, int keep, FilterNorm norm) {
    if (keep < 0 || keep > channels) {
      throw new IllegalArgumentException("cannot keep %d of %d channels".formatted(keep, channels));
    }
    return Magnitudes.keepLargest(norms(weights, channels, terms, norm), keep);
  }
}
