package dev.narrows.core.prune;

import java.util.Arrays;

/**
 * N:M magnitude pruning.
 *
 * @see "docs/training.md, Pruning in training"
 */
public final class NmPruning {
  private NmPruning() {}

  /**
   * Which weights to keep: the N of largest magnitude in every group of M consecutive weights of a
   * channel. Of equal magnitudes the lower index is kept. The last group of a channel may be
   * shorter; of r weights it keeps ⌈N·r/M⌉.
   *
   * @param weights [C][K], finite
   * @param channels C
   * @param terms K
   * @param keep N, 1 … M
   * @param group M
   * @return [C][K], true where the weight stays
   */
  public static boolean[] mask(float[] weights, int channels, int terms, int keep, int group) {
    WeightChecks.require(weights, channels, terms);
    requireRatio(keep, group);
    boolean[] mask = new boolean[weights.length];
    for (int c = 0; c < channels; c++) {
      int end = (c + 1) * terms;
      for (int start = c * terms; start < end; ) {
        int size = Math.min(group, end - start);
        Magnitudes.keepLargest(weights, start, size, kept(size, keep, group), mask);
        start += size; // not += group, which could pass 2^31
      }
    }
    return mask;
  }

  /** ⌈N·r/M⌉: how many of a group of {@code size} = r weights stay. */
  public static int kept(int size, int keep, int group) {
    requireRatio(keep, group);
    return Math.toIntExact(Math.ceilDiv((long) keep * size, (long) group));
  }

  /** How many of a channel's {@code terms} = K weights stay: the length of the packed channel. */
  public static int keptTerms(int terms, int keep, int group) {
    return terms / group * keep + kept(terms % group, keep, group);
  }

  /** A copy of {@code weights} with zeros where {@code mask} is false. */
  public static float[] apply(float[] weights, boolean[] mask) {
    if (weights.length != mask.length) {
      throw new IllegalArgumentException(
          "%d weights but a mask of %d".formatted(weights.length, mask.length));
    }
    float[] result = Arrays.copyOf(weights, weights.length);
    for (int i = 0; i < result.length; i++) {
      if (!mask[i]) {
        result[i] = 0;
      }
    }
    return result;
  }

  static void requireRatio(int keep, int group) {
    if (keep < 1 || keep > group) {
      throw new IllegalArgumentException("N:M needs 1 <= N <= M, got " + keep + ":" + group);
    }
  }
}
