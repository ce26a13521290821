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
    double[] product = times(d);
    double total = 0;
    for (int i = 0; i < d.length; i++) {
      total += d[i] * product[i];
    }
    return total;
  }

  /** C d. Each entry sums in rising order of d's index, a row of C at a time, lanes apart. */
  double[] times(double[] d) {
    int terms = terms();
    double[] product = new double[terms];
    for (int i = 0; i < terms; i++) {
      double factor = d[i];
      for (int j = 0; j < terms; j++) {
        product[j] += factor * covariance[i * terms + j];
      }
    }
    return product;
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
