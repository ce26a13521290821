package dev.narrows.repair.calibrate;

import dev.narrows.repair.channel.InputMoments;
import java.util.Arrays;

/**
 * First and second moments of two lots of terms over the same columns: x of the original network,
 * x̂ of the repaired one. Units are those of x: a step of x̂ is {@code step} steps of x.
 *
 * @param mean E[x], [K]
 * @param inputs mean and covariance of x̂
 * @param cross Cov(x, x̂), [K of x][K of x̂]
 */
public record TermMoments(double[] mean, InputMoments inputs, double[] cross) {
  /**
   * Moments from exact sums.
   *
   * @param original x
   * @param repaired x̂
   * @param step what a step of x̂ is in steps of x
   */
  public static TermMoments of(
      SampledTerms original, SampledTerms repaired, double step, int threads) {
    int terms = original.terms();
    double columns = original.columns();
    long[] sums = sums(original);
    long[] repairedSums = sums(repaired);
    long[] own = GramMatrix.of(repaired, repaired, threads);
    double[] covariance = centred(own, repairedSums, repairedSums, columns, step * step);
    boolean same = original.values() == repaired.values() && step == 1;
    double[] cross =
        same
            ? covariance
            : centred(
                GramMatrix.of(original, repaired, threads), sums, repairedSums, columns, step);
    double[] mean = new double[terms];
    double[] repairedMean = new double[terms];
    Arrays.setAll(mean, k -> sums[k] / columns);
    Arrays.setAll(repairedMean, k -> step * repairedSums[k] / columns);
    return new TermMoments(
        mean, new InputMoments(repairedMean, covariance, original.columns()), cross);
  }

  private static long[] sums(SampledTerms terms) {
    long[] sums = new long[terms.terms()];
    for (int k = 0; k < sums.length; k++) {
      for (int j = 0; j < terms.columns(); j++) {
        sums[k] += terms.values()[k * terms.columns() + j];
      }
    }
    return sums;
  }

  private static double[] centred(
      long[] products, long[] left, long[] right, double columns, double unit) {
    double[] covariance = new double[products.length];
    for (int i = 0; i < left.length; i++) {
      for (int k = 0; k < right.length; k++) {
        int at = i * right.length + k;
        // symmetric where left is right: the product of sums commutes
        covariance[at] =
            unit * (products[at] / columns - (left[i] / columns) * (right[k] / columns));
      }
    }
    return covariance;
  }

  /** K. */
  public int terms() {
    return mean.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TermMoments that
        && Arrays.equals(mean, that.mean)
        && inputs.equals(that.inputs)
        && Arrays.equals(cross, that.cross);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mean) * 31 + inputs.hashCode();
  }
}
