package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.SparseWeights;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * As many dot products of one channel as a vector has lanes, brought into an order that depends on
 * their terms by a sorting network, and walked.
 */
final class SortedDots implements ArrangedDots {
  /** The widest register: a term of 2^29 may be added to it in 32 bits. */
  static final int MAX_BITS = 30;

  private final IntegerProductSlice slice;
  private final OrderPlan.Sorting plan;
  private final DotParts dots;
  private final int[] lengths; // rows left of each part once arranged
  private final int[] folds = new int[COUNT];
  private final int[] held = new int[COUNT];
  private final int[] part = new int[COUNT];
  private int[] block = new int[0];
  private int channel;

  SortedDots(IntegerProductSlice slice, OrderPlan.Sorting plan) {
    this.slice = slice;
    this.plan = plan;
    this.dots =
        new DotParts(
            slice.weights(),
            plan instanceof OrderPlan.InPairs pairs ? pairs.tile() : OptionalInt.empty());
    this.lengths = new int[slice.weights().terms() + 1];
  }

  /**
   * Whether terms of this magnitude can be arranged and clipped, or traced, in 32 bits.
   *
   * @param bits of the register
   */
  static boolean covers(OrderPlan.TermDependent plan, int terms, long widestTerm, int bits) {
    int shift = plan instanceof OrderPlan.ByMagnitude ? keyShift(terms) : 1;
    return bits <= MAX_BITS && widestTerm <= 1 << 29 && widestTerm + 1 << shift <= 1L << 31;
  }

  private static int keyShift(int terms) {
    return 33 - Integer.numberOfLeadingZeros(Math.max(0, terms - 1));
  }

  @Override
  public int lanes() {
    return COUNT;
  }

  @Override
  public void channel(int next) {
    channel = next;
    dots.channel(next);
    block = slice.scratch().ints(6, dots.height() * COUNT);
  }

  private void gather(int[] columns, int at, int used) {
    SparseWeights weights = slice.weights();
    int[] q = weights.values();
    int[] k = weights.indices();
    int[] x = slice.x().values();
    int stride = slice.x().stride();
    boolean adjacent = used == COUNT && columns[at + COUNT - 1] - columns[at] == COUNT - 1;
    System.arraycopy(columns, at, part, 0, COUNT);
    for (int p = 0; p < dots.parts(); p++) {
      int from = dots.from(p);
      int to = dots.to(p);
      if (adjacent) {
        TermBlock.products(block, dots.row(p), q, k, from, to, x, stride, columns[at]);
      } else {
        TermBlock.products(block, dots.row(p), q, k, from, to, x, stride, part);
      }
    }
  }

  @Override
  public void arrange(int[] columns, int at, int used, int bits) {
    gather(columns, at, used);
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    Arrays.fill(folds, 0);
    switch (plan) {
      case OrderPlan.ByMagnitude m -> {
        int count = dots.count();
        int shift = keyShift(count);
        TermBlock.toKeys(block, count, shift);
        SortingNetwork.sort(block, 0, count);
        TermBlock.toTerms(block, count, shift);
        lengths[0] = count;
      }
      case OrderPlan.InPairs pairs -> rounds(pairs.rounds(), low, high);
    }
  }

  private void rounds(OptionalInt rounds, int low, int high) {
    for (int p = 0; p < dots.parts(); p++) {
      int from = dots.row(p);
      int left = dots.to(p) - dots.from(p);
      boolean paired = true;
      for (int r = 0; paired && (rounds.isEmpty() || r < rounds.getAsInt()); r++) {
        SortingNetwork.sort(block, from, left);
        paired = PairedRows.pair(block, from, left, low, high, folds);
        left = PairedRows.trim(block, from, left);
      }
      lengths[p] = left;
    }
  }

  @Override
  public int[] clip(int bits) {
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    Arrays.fill(held, Math.clamp(slice.preload(channel), low, high));
    if (!dots.tiled()) {
      if (dots.parts() > 0) {
        TermBlock.clip(block, 0, lengths[0], held, low, high);
      }
      return held;
    }
    for (int p = 0; p < dots.parts(); p++) {
      Arrays.fill(part, 0);
      TermBlock.clip(block, dots.row(p), lengths[p], part, low, high);
      TermBlock.clip(part, 0, 1, held, low, high);
    }
    return held;
  }

  @Override
  public int[] trace() {
    int preload = slice.preload(channel);
    Arrays.fill(held, preload);
    for (int lane = 0; lane < COUNT; lane++) {
      folds[lane] |= preload ^ (preload >> 31);
    }
    if (!dots.tiled()) {
      if (dots.parts() > 0) {
        TermBlock.trace(block, 0, lengths[0], held, folds);
      }
      return folds;
    }
    for (int p = 0; p < dots.parts(); p++) {
      Arrays.fill(part, 0);
      TermBlock.trace(block, dots.row(p), lengths[p], part, folds);
      TermBlock.trace(part, 0, 1, held, folds);
    }
    return folds;
  }
}
