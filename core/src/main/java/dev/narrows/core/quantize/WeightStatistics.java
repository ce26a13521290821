package dev.narrows.core.quantize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How sparse and how compressible integer weights are.
 *
 * @param count weights, ≥ 0
 * @param zeros how many of them are 0
 * @param entropyBits H = −Σ p(q)·log2 p(q) over the values q that occur: the bits a weight needs
 *     when each layer is coded by itself; 0 for weights that are all equal
 */
public record WeightStatistics(long count, long zeros, double entropyBits) {
  /** The statistics of one layer's weights, the zeros that pruning leaves out included. */
  public static WeightStatistics of(int[] weights) {
    Map<Integer, Long> histogram = new HashMap<>();
    for (int weight : weights) {
      histogram.merge(weight, 1L, Long::sum);
    }
    double entropy = 0;
    for (long occurrences : histogram.values().stream().sorted().toList()) { // the same sum always
      double share = (double) occurrences / weights.length;
      entropy -= share * (StrictMath.log(share) / StrictMath.log(2));
    }
    // −1·log2 1 is −0.0, and nobody wants to read that
    return new WeightStatistics(weights.length, histogram.getOrDefault(0, 0L), entropy + 0.0);
  }

  /** Several layers together: counts add up, the entropy is the mean over weights. */
  public static WeightStatistics of(List<WeightStatistics> layers) {
    long count = 0;
    long zeros = 0;
    double bits = 0;
    for (WeightStatistics layer : layers) {
      count += layer.count;
      zeros += layer.zeros;
      bits += layer.count * layer.entropyBits;
    }
    return new WeightStatistics(count, zeros, count == 0 ? 0 : bits / count);
  }

  /** The share of weights that are 0, from 0 to 1; 0 without weights. */
  public double sparsity() {
    return count == 0 ? 0 : (double) zeros / count;
  }

  /**
   * W / H: how many times smaller an ideal code of each layer is than W bits a weight.
   *
   * @param weightBits W, ≥ 1
   * @return infinite for weights that are all equal
   */
  public double compression(double weightBits) {
    return weightBits / entropyBits;
  }
}
