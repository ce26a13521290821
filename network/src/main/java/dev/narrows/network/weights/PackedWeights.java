package dev.narrows.network.weights;

import dev.narrows.network.check.Checks;
import java.util.Arrays;

/**
 * N:M-pruned weights stored without what was pruned: of every {@code group} consecutive terms of a
 * channel {@code keep} are kept, of a remainder of r terms ⌈keep·r/group⌉. A kept weight may still
 * be 0.
 *
 * @param keep N, from 1 to {@code group}
 * @param group M, from 1 to 256
 * @param values [channels][kept per channel], by ascending term
 * @param indices the term k of each value, [channels][kept per channel]
 */
public record PackedWeights(
    int channels,
    int terms,
    int bits,
    double[] scales,
    int keep,
    int group,
    int[] values,
    int[] indices)
    implements DotWeights {
  public PackedWeights {
    DotWeights.check(channels, terms, bits, scales, values);
    Checks.require(
        group >= 1 && group <= 256 && keep >= 1 && keep <= group,
        "N:M pruning needs 1 <= N <= M <= 256, got %d:%d",
        keep,
        group);
    int kept = kept(terms, keep, group);
    Checks.require(
        values.length == channels * kept && indices.length == values.length,
        "%d:%d pruning of %d x %d weights keeps %d, got %d values and %d indices",
        keep,
        group,
        channels,
        terms,
        channels * kept,
        values.length,
        indices.length);
    for (int i = 0; i < indices.length; i++) {
      int within = i % kept;
      int first = within / keep * group;
      Checks.require(
          indices[i] >= first
              && indices[i] < Math.min(terms, first + group)
              && (within == 0 || indices[i] > indices[i - 1]),
          "index %d of channel %d must ascend inside its group of terms from %d, got %d",
          within,
          i / kept,
          first,
          indices[i]);
    }
  }

  /** Weights kept per channel of {@code terms} terms. */
  public static int kept(int terms, int keep, int group) {
    int whole = terms / group;
    return whole * keep + Math.ceilDiv(keep * (terms - whole * group), group);
  }

  /**
   * Packs dense weights.
   *
   * @throws IllegalArgumentException naming the group that has more non-zero weights than N:M keeps
   */
  public static PackedWeights of(DotWeights weights, int keep, int group) {
    int channels = weights.channels();
    int terms = weights.terms();
    int[] dense = weights.dense();
    int kept = kept(terms, keep, group);
    int[] values = new int[channels * kept];
    int[] indices = new int[channels * kept];
    for (int c = 0; c < channels; c++) {
      int next = c * kept;
      for (int first = 0; first < terms; first += group) {
        int end = Math.min(terms, first + group);
        int spare = Math.ceilDiv(keep * (end - first), group); // zeros that must be kept, at first
        for (int k = first; k < end; k++) {
          spare -= dense[c * terms + k] != 0 ? 1 : 0;
        }
        Checks.require(
            spare >= 0,
            "channel %d has too many non-zero weights for %d:%d among terms %d to %d",
            c,
            keep,
            group,
            first,
            end - 1);
        for (int k = first; k < end; k++) {
          int value = dense[c * terms + k];
          if (value != 0 || spare-- > 0) {
            values[next] = value;
            indices[next++] = k;
          }
        }
      }
    }
    return new PackedWeights(
        channels, terms, weights.bits(), weights.scales(), keep, group, values, indices);
  }

  /** Weights kept per channel. */
  public int kept() {
    return kept(terms, keep, group);
  }

  @Override
  public int[] dense() {
    int[] dense = new int[channels * terms];
    int kept = kept();
    for (int i = 0; i < values.length; i++) {
      dense[i / kept * terms + indices[i]] = values[i];
    }
    return dense;
  }

  @Override
  public void forEachNonZero(int channel, TermAction action) {
    int kept = kept();
    for (int i = channel * kept; i < (channel + 1) * kept; i++) {
      if (values[i] != 0) {
        action.accept(indices[i], values[i]);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedWeights that
        && channels == that.channels
        && terms == that.terms
        && bits == that.bits
        && keep == that.keep
        && group == that.group
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(values, that.values)
        && Arrays.equals(indices, that.indices);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(indices);
  }

  @Override
  public String toString() {
    return "PackedWeights[%d x %d, %d:%d, %d bits]".formatted(channels, terms, keep, group, bits);
  }
}
