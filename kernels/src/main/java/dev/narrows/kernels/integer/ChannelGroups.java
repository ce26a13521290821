package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * The weights of {@link #CHANNELS} neighbouring channels at a time, zeros included, as tiles of
 * several channels read them. Channels beyond the last whole group are not here.
 */
final class ChannelGroups {
  static final int CHANNELS = 4;

  /** Below this share of non-zero weights no tile of several channels is worth its zeros. */
  private static final double LEAST_SHARE = 0.5;

  /** [group][term of the sequence][{@link #CHANNELS}]. */
  final float[] weights;

  /** Where each term's input row begins in a panel: k · {@link VectorLanes#PANEL}. */
  final int[] inputRows;

  private final int[] starts; // [segment], and the end, among the terms of the sequence
  private final double[] shares; // of non-zero weights, by group

  /**
   * @param starts where each segment begins among the terms of the sequence, and the end
   * @param reversed whether the sequence is k = K−1 … 0
   */
  ChannelGroups(SparseWeights source, int[] starts, boolean reversed) {
    this.starts = starts;
    int terms = source.terms();
    int groups = source.channels() / CHANNELS;
    shares = new double[groups];
    for (int group = 0; group < groups; group++) {
      int end = source.start((group + 1) * CHANNELS);
      int found = end - source.start(group * CHANNELS);
      shares[group] = terms == 0 ? 0 : (double) found / ((long) terms * CHANNELS);
    }
    boolean any = Arrays.stream(shares).anyMatch(share -> share >= LEAST_SHARE);
    inputRows = new int[any ? terms : 0];
    Arrays.setAll(inputRows, p -> (reversed ? terms - 1 - p : p) * VectorLanes.PANEL);
    weights = new float[any ? Math.multiplyExact(groups * CHANNELS, terms) : 0];
    for (int channel = 0; any && channel < groups * CHANNELS; channel++) {
      int group = channel / CHANNELS * CHANNELS * terms;
      for (int i = source.start(channel); i < source.start(channel + 1); i++) {
        int at = reversed ? terms - 1 - source.index(i) : source.index(i);
        weights[group + at * CHANNELS + channel % CHANNELS] = source.value(i);
      }
    }
  }

  /**
   * Whether the channels listed from {@code i} on are one group, of which at least {@code share} of
   * the weights are not zero.
   */
  boolean starts(int[] channels, int i, double share) {
    int channel = channels[i];
    int end = i + CHANNELS - 1;
    return channel % CHANNELS == 0
        && end < channels.length
        && channels[end] == channel + CHANNELS - 1 // channels ascend
        && shares[channel / CHANNELS] >= Math.max(LEAST_SHARE, share);
  }

  /** The first term of a segment in the sequence. */
  int from(int segment) {
    return starts[segment];
  }

  /** The end of a segment. */
  int to(int segment) {
    return starts[segment + 1];
  }

  /** Where the weights of a segment's first term begin, of the group of a channel. */
  int first(int channel, int segment) {
    return (channel / CHANNELS * inputRows.length + starts[segment]) * CHANNELS;
  }
}
