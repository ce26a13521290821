package dev.narrows.kernels.sorting;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.SparseWeights;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Bounds on the writes of a register that takes terms by growing magnitude, without sorting them.
 *
 * <p>Terms are put into buckets of magnitude. All of a bucket come before all of the next one,
 * whatever their order inside it. So with S the sum of the buckets before, and P and N those of a
 * bucket's positive and negative terms, every write while the bucket is taken lies in [S + N, S +
 * P].
 */
final class AscendingBounds {
  private static final int LANES = ShortSortingNetwork.LANES;
  private static final short FULL = MagnitudeBuckets.FULL;

  private final IntegerProductSlice slice;
  private final short[] x;
  private final int[] rows;
  private final short[] least = new short[MagnitudeBuckets.BUCKETS - 1];
  private final short[] sums = new short[2 * MagnitudeBuckets.BUCKETS * LANES];
  private final int[] sum = new int[LANES];
  private final int[] lowest = new int[LANES];
  private final int[] highest = new int[LANES];
  private int channel;
  private int terms;

  AscendingBounds(IntegerProductSlice slice) {
    this.slice = slice;
    this.x = slice.x().shorts();
    this.rows = new int[slice.weights().terms()];
  }

  /** Whether a channel's terms can be bounded here. */
  static boolean covers(long widestTerm) {
    return widestTerm <= Short.MAX_VALUE;
  }

  /** Neighbours that are bounded at once. */
  int lanes() {
    return LANES;
  }

  /**
   * Chooses the channel whose dot products follow.
   *
   * @param column one of them, whose terms decide the limits of the buckets: they do not change
   *     what is true, only how tight it is
   */
  void channel(int next, int column) {
    SparseWeights weights = slice.weights();
    channel = next;
    int first = weights.start(channel);
    terms = weights.start(channel + 1) - first;
    int place = place(column);
    int[] magnitudes = new int[terms];
    long all = 0;
    for (int i = 0; i < terms; i++) {
      rows[i] = slice.x().row(weights.index(first + i));
      magnitudes[i] = Math.abs(weights.value(first + i) * x[rows[i] + place]);
      all += magnitudes[i];
    }
    Arrays.sort(magnitudes);
    Arrays.fill(least, FULL);
    long before = 0;
    int bucket = 0;
    for (int i = 0; i < terms && bucket < least.length; i++) {
      before += magnitudes[i];
      if (before * MagnitudeBuckets.BUCKETS >= all * (bucket + 1)) {
        least[bucket++] = (short) Math.min(magnitudes[i] + 1, FULL);
      }
    }
  }

  private int place(int column) {
    return slice.base(column / VectorLanes.PANEL) + column % VectorLanes.PANEL;
  }

  /**
   * Bounds dot products of neighbouring columns of one panel.
   *
   * @param column the first of {@link ShortSortingNetwork#LANES}
   */
  void bound(int column) {
    MagnitudeBuckets.sum(
        slice.weights().values(),
        slice.weights().start(channel),
        rows,
        terms,
        x,
        place(column),
        least,
        sums);
    int load = slice.preload(channel);
    Arrays.fill(sum, load);
    Arrays.fill(lowest, load);
    Arrays.fill(highest, load);
    for (int b = 0; b < MagnitudeBuckets.BUCKETS; b++) {
      int positive = 2 * b * LANES;
      int negative = positive + LANES;
      for (int lane = 0; lane < LANES; lane++) {
        int plus = sums[positive + lane];
        int minus = sums[negative + lane];
        int unknown = plus == FULL || minus == FULL ? 1 << 24 : 0;
        lowest[lane] = Math.min(lowest[lane], sum[lane] - minus - unknown);
        highest[lane] = Math.max(highest[lane], sum[lane] + plus + unknown);
        sum[lane] += plus - minus;
      }
    }
  }

  /** A width that no write of a lane's dot product exceeds, or any width beyond 24 bits. */
  int bits(int lane) {
    return Widths.of(lowest[lane], highest[lane]);
  }
}
