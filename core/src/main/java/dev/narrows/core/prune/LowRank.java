package dev.narrows.core.prune;

import java.util.Arrays;

/**
 * The best approximation of a layer's weights [C][K] by a product of two thinner ones, left [C][r]
 * times right [r][K]: the first r terms of the singular value decomposition (Eckart and Young). √σ
 * goes to either side.
 *
 * @param left [C][r]
 * @param right [r][K]
 * @param singularValues all min(C, K) of them, descending
 */
public record LowRank(
    int channels, int terms, int rank, float[] left, float[] right, double[] singularValues) {

  /**
   * Factors {@code weights}.
   *
   * @param weights [C][K], finite
   * @param rank r, 0 … min(C, K)
   */
  public static LowRank of(float[] weights, int channels, int terms, int rank) {
    WeightChecks.require(weights, channels, terms);
    if (rank < 0 || rank > Math.min(channels, terms)) {
      throw new IllegalArgumentException(
          "rank must be in [0, %d], got %d".formatted(Math.min(channels, terms), rank));
    }
    boolean wide = channels <= terms; // decompose along the shorter side
    double[][] rows = new double[wide ? channels : terms][wide ? terms : channels];
    for (int c = 0; c < channels; c++) {
      for (int k = 0; k < terms; k++) {
        rows[wide ? c : k][wide ? k : c] = weights[c * terms + k];
      }
    }
    SingularValues svd = SingularValues.of(rows);
    float[] left = new float[channels * rank];
    float[] right = new float[rank * terms];
    for (int r = 0; r < rank; r++) {
      double value = svd.values()[r];
      double root = Math.sqrt(value);
      for (int c = 0; c < channels && value > 0; c++) {
        left[c * rank + r] = (float) (wide ? svd.rotation()[r][c] * root : svd.rows()[r][c] / root);
      }
      for (int k = 0; k < terms && value > 0; k++) {
        right[r * terms + k] =
            (float) (wide ? svd.rows()[r][k] / root : svd.rotation()[r][k] * root);
      }
    }
    return new LowRank(channels, terms, rank, left, right, svd.values());
  }

  /** The best approximation of a lower rank: the first terms of this one. */
  public LowRank truncated(int lower) {
    if (lower < 0 || lower > rank) {
      throw new IllegalArgumentException("rank must be in [0, %d], got %d".formatted(rank, lower));
    }
    float[] first = new float[channels * lower];
    for (int c = 0; c < channels; c++) {
      System.arraycopy(left, c * rank, first, c * lower, lower);
    }
    return new LowRank(
        channels, terms, lower, first, Arrays.copyOf(right, lower * terms), singularValues);
  }

  /** left · right, [C][K], summed in {@code double}. */
  public float[] product() {
    float[] product = new float[channels * terms];
    for (int c = 0; c < channels; c++) {
      for (int k = 0; k < terms; k++) {
        double sum = 0;
        for (int r = 0; r < rank; r++) {
          sum += (double) left[c * rank + r] * right[r * terms + k];
        }
        product[c * terms + k] = (float) sum;
      }
    }
    return product;
  }
}
