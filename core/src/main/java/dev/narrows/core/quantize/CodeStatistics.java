package dev.narrows.core.quantize;

import java.util.Map;
import java.util.TreeMap;

/**
 * How much there is to store in a layer's integer weights.
 *
 * @param count number of weights, pruned ones included
 * @param zeros how many of them are 0
 * @param entropy H of their distribution in bits a weight: the least that a code for single weights
 *     can take on average
 */
public record CodeStatistics(long count, long zeros, double entropy) {

  /** The statistics of integer weights. */
  public static CodeStatistics of(int[] codes) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int code : codes) {
      counts.merge(code, 1L, Long::sum);
    }
    double entropy = 0;
    for (long count : counts.values()) {
      double share = (double) count / codes.length;
      entropy -= share * Math.log(share) / Math.log(2);
    }
    // a single value gives −1·log 1 = −0
    return new CodeStatistics(codes.length, counts.getOrDefault(0, 0L), Math.max(0, entropy));
  }

  /** Share of zeros, 0 to 1; 0 where there are no weights. */
  public double sparsity() {
    return count == 0 ? 0 : (double) zeros / count;
  }

  /**
   * W / H: how many times smaller than W-bit integers the weights could be stored; infinite if all
   * are equal.
   *
   * @param bits W
   */
  public double compression(int bits) {
    return bits / entropy;
  }
}
