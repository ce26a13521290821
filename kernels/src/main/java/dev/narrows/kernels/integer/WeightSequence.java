package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Weights in the sequence in which a register meets them, cut into segments: at the ends of the
 * parts (chunks) of the order, and again so that the inputs of a segment fit the first-level cache
 * while every channel passes over them.
 */
public final class WeightSequence {
  /** Terms per segment: 64 rows of a panel are 32 KiB. */
  private static final int SEGMENT = 64;

  /** Weights, segment by segment within a channel. */
  final int[] integers;

  /** The same as floats; exact for |q| ≤ 2^24. */
  final float[] floats;

  /** |q| as floats. */
  final float[] magnitudes;

  /** The low 16 bits of each weight, in both halves of an int. */
  final int[] pairs;

  /** Where each weight's input row begins in a panel: k · {@link VectorLanes#PANEL}. */
  final int[] inputRows;

  /** Whether a segment is the last of its part. */
  final boolean[] endsPart;

  /** The largest ‖q‖₁ of one channel in one segment. */
  final long segmentNorm;

  /** The same, several channels at a time. */
  final ChannelGroups groups;

  private final int[] starts; // [channel][segment], and the end
  private final int segments;

  private WeightSequence(SparseWeights weights, int[] cuts, boolean[] endsPart, boolean reversed) {
    this.endsPart = endsPart;
    this.segments = endsPart.length;
    int size = Math.toIntExact(weights.nonZeros());
    integers = new int[size];
    floats = new float[size];
    magnitudes = new float[size];
    pairs = new int[size];
    inputRows = new int[size];
    starts = new int[weights.channels() * segments + 1];
    int at = 0;
    long norm = 0;
    for (int channel = 0; channel < weights.channels(); channel++) {
      int source = reversed ? weights.start(channel + 1) - 1 : weights.start(channel);
      int step = reversed ? -1 : 1;
      int left = weights.start(channel + 1) - weights.start(channel);
      for (int segment = 0; segment < segments; segment++) {
        starts[channel * segments + segment] = at;
        long l1 = 0;
        for (; left > 0; left--, source += step, at++) {
          int k = weights.index(source);
          if (reversed ? k < cuts[segment] : k >= cuts[segment]) {
            break;
          }
          int value = weights.value(source);
          integers[at] = value;
          floats[at] = value;
          magnitudes[at] = Math.abs(value);
          pairs[at] = (value & 0xFFFF) * 0x1_0001;
          inputRows[at] = k * VectorLanes.PANEL;
          l1 += Math.abs((long) value);
        }
        norm = Math.max(norm, l1);
      }
    }
    starts[starts.length - 1] = at;
    segmentNorm = norm;
    int[] ends = new int[segments + 1];
    for (int segment = 0; segment < segments; segment++) {
      ends[segment + 1] = reversed ? weights.terms() - cuts[segment] : cuts[segment];
    }
    groups = new ChannelGroups(weights, ends, reversed);
  }

  /**
   * Adds a segment's terms to the registers of some channels, which follow each other in the order
   * of the list.
   *
   * @param channels ascending
   * @param base where the panel begins among the inputs
   */
  void add(RegisterPanel registers, int[] channels, int segment, int base) {
    for (int i = 0; i < channels.length; i++) {
      int at = i * VectorLanes.PANEL;
      if (groups.starts(channels, i, registers.leastShare())) {
        registers.addGroup(groups, channels[i], segment, base, at);
        i += ChannelGroups.CHANNELS - 1;
      } else {
        registers.add(from(channels[i], segment), to(channels[i], segment), base, at);
      }
    }
  }

  /** k = 0 … K−1 in parts of {@code partSize} terms. */
  static WeightSequence parts(SparseWeights weights, int partSize) {
    int terms = weights.terms();
    int[] cuts = new int[terms];
    boolean[] ends = new boolean[terms];
    int count = 0;
    for (long part = 0; part < terms; part += partSize) {
      int end = (int) Math.min(terms, part + partSize);
      for (int k = (int) part; k < end; k += SEGMENT) {
        cuts[count] = Math.min(end, k + SEGMENT);
        ends[count] = cuts[count] == end;
        count++;
      }
    }
    return new WeightSequence(
        weights, Arrays.copyOf(cuts, count), Arrays.copyOf(ends, count), false);
  }

  /** k = 0 … K−1 in one part. */
  static WeightSequence sequential(SparseWeights weights) {
    return parts(weights, Math.max(1, weights.terms()));
  }

  /** k = K−1 … 0 in one part. */
  static WeightSequence reversed(SparseWeights weights) {
    int count = (weights.terms() + SEGMENT - 1) / SEGMENT;
    int[] cuts = new int[count];
    boolean[] ends = new boolean[count];
    for (int segment = 0; segment < count; segment++) {
      cuts[segment] = Math.max(0, weights.terms() - (segment + 1) * SEGMENT);
      ends[segment] = segment == count - 1;
    }
    return new WeightSequence(weights, cuts, ends, true);
  }

  int segments() {
    return segments;
  }

  /** The first weight of a channel's segment. */
  int from(int channel, int segment) {
    return starts[channel * segments + segment];
  }

  /** The end of a channel's segment. */
  int to(int channel, int segment) {
    return starts[channel * segments + segment + 1];
  }
}
