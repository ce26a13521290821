package dev.narrows.repair.channel;

import java.util.Arrays;

/**
 * Mean and covariance of the inputs of a group of channels, in real units.
 *
 * @param mean μ, [K] in flattening order
 * @param covariance C, [K][K] row by row, symmetric
 * @param samples that they were taken from
 */
public record InputMoments(double[] mean, double[] covariance, long samples) {
  public InputMoments {
    if (covariance.length != (long) mean.length * mean.length) {
      throw new IllegalArgumentException(
          "%d terms, %d covariances".formatted(mean.length, covariance.length));
    }
  }

  /** K. */
  public int terms() {
    return mean.length;
  }

  /** dᵀ C d: the variance of Σ d·x, such as that of a sum's error. */
  public double quadratic(double[] d) {
    int terms = terms();
    double total = 0;
    for (int i = 0; i < terms; i++) {
      double row = 0;
      for (int j = 0; j < terms; j++) {
        row += covariance[i * terms + j] * d[j];
      }
      total += d[i] * row;
    }
    return total;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InputMoments that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(covariance, that.covariance)
        && samples == that.samples;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mean) * 31 + Long.hashCode(samples);
  }
}
