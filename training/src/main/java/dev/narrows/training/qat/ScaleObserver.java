package dev.narrows.training.qat;

import java.util.Arrays;

/**
 * Chooses a start scale from observed values.
 *
 * @see "docs/training.md, Codes and scales"
 */
public enum ScaleObserver {
  /** The largest magnitude becomes the largest code. */
  MIN_MAX,
  /** The 99.9th percentile of magnitudes becomes the largest code. */
  PERCENTILE,
  /**
   * The scale, out of 64 between 1 and 0.25 of the largest magnitude's, with the least squared
   * error.
   */
  MSE;

  /** The scale of a tensor of zeros: any scale is right, this one has a finite log2. */
  static final double EMPTY_SCALE = 1.0;

  private static final int STEPS = 64;

  /**
   * The scale for codes in [{@code min}, {@code max}].
   *
   * @param sample observed values, none of them NaN
   * @return a positive, finite scale; 1 when nothing but zeros was seen
   */
  public double scale(float[] sample, int min, int max) {
    // Unsigned codes cannot hold a negative value, so only the positive side counts there.
    double[] reach = new double[sample.length];
    for (int i = 0; i < sample.length; i++) {
      double value = sample[i];
      reach[i] = value >= 0 ? value / max : min == 0 ? 0 : value / min;
    }
    double largest = Arrays.stream(reach).max().orElse(0);
    if (!(largest > Float.MIN_NORMAL)) {
      return EMPTY_SCALE;
    }
    return switch (this) {
      case MIN_MAX -> largest;
      case PERCENTILE -> {
        Arrays.sort(reach);
        double at = reach[(int) Math.floor(0.999 * (reach.length - 1))];
        yield at > Float.MIN_NORMAL ? at : largest;
      }
      case MSE -> leastSquares(sample, min, max, largest);
    };
  }

  private static double leastSquares(float[] sample, int min, int max, double largest) {
    double best = largest;
    double bestError = Double.POSITIVE_INFINITY;
    for (int step = 0; step < STEPS; step++) {
      double scale = largest * (1 - 0.75 * step / (STEPS - 1));
      double error = 0;
      // an error that is no less already only grows
      for (int i = 0; i < sample.length && error < bestError; i++) {
        double code = Math.clamp(Math.rint(sample[i] / scale), (double) min, (double) max);
        double miss = code * scale - sample[i];
        error += miss * miss;
      }
      if (error < bestError) {
        bestError = error;
        best = scale;
      }
    }
    return best;
  }
}
