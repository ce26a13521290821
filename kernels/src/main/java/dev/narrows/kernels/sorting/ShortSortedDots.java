package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * {@link SortedDots} in pairs, of terms that fit 16 bits: twice as many dot products at a time. A
 * pair is a positive and a negative term or sum, so that it fits 16 bits as well; only what walks
 * over the pairs needs more.
 */
final class ShortSortedDots implements ArrangedDots {
  private static final int LANES = ShortSortingNetwork.LANES;

  private final IntegerProductSlice slice;
  private final OrderPlan.InPairs plan;
  private final DotParts dots;
  private final int[] lengths; // rows left of each part once arranged
  private final int[] places = new int[LANES]; // of the columns among the inputs
  private final short[] writes = new short[LANES]; // folds of the sums of pairs, ORed
  private final int[] folds = new int[LANES];
  private final int[] held = new int[LANES];
  private final int[] part = new int[LANES];
  private final short[] x;
  private short[] block = new short[0];
  private int channel;

  ShortSortedDots(IntegerProductSlice slice, OrderPlan.InPairs plan) {
    this.slice = slice;
    this.plan = plan;
    this.x = slice.x().shorts();
    this.dots = new DotParts(slice.weights(), plan.tile());
    this.lengths = new int[slice.weights().terms() + 1];
  }

  /** Whether terms of this magnitude can be arranged here. */
  static boolean covers(OrderPlan.TermDependent plan, long widestTerm) {
    return plan instanceof OrderPlan.InPairs && widestTerm <= Short.MAX_VALUE;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void channel(int next) {
    channel = next;
    dots.channel(next);
    int size = dots.height() * LANES;
    block = block.length < size ? new short[size] : block;
  }

  @Override
  public void arrange(int[] columns, int at, int used, int bits) {
    gather(columns, at, used);
    Arrays.fill(writes, (short) 0);
    short low = (short) Math.max(Short.MIN_VALUE, Widths.min(bits));
    short high = (short) Math.min(Short.MAX_VALUE, Widths.max(bits));
    for (int p = 0; p < dots.parts(); p++) {
      int from = dots.row(p);
      int left = dots.to(p) - dots.from(p);
      boolean paired = true;
      for (int r = 0; paired && (plan.rounds().isEmpty() || r < plan.rounds().getAsInt()); r++) {
        ShortSortingNetwork.sort(block, from, left);
        paired = ShortPairedRows.pair(block, from, left, low, high, writes);
        left = ShortPairedRows.trim(block, from, left);
      }
      lengths[p] = left;
    }
  }

  private void gather(int[] columns, int at, int used) {
    int[] q = slice.weights().values();
    int[] k = slice.weights().indices();
    for (int lane = 0; lane < LANES; lane++) {
      int column = columns[at + lane];
      places[lane] = slice.base(column / VectorLanes.PANEL) + column % VectorLanes.PANEL;
    }
    boolean adjacent = used == LANES && places[LANES - 1] - places[0] == LANES - 1;
    for (int p = 0; p < dots.parts(); p++) {
      int row = dots.row(p);
      for (int i = dots.from(p); i < dots.to(p); i++) {
        int source = slice.x().row(k[i]);
        int to = (row + i - dots.from(p)) * LANES;
        if (adjacent) {
          ShortTermBlock.product(block, to, (short) q[i], x, source + places[0]);
        } else {
          ShortTermBlock.product(block, to, (short) q[i], x, source, places);
        }
      }
    }
  }

  @Override
  public int[] clip(int bits) {
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    Arrays.fill(held, Math.clamp(slice.preload(channel), low, high));
    for (int p = 0; p < dots.parts(); p++) {
      int[] register = dots.tiled() ? part : held;
      if (dots.tiled()) {
        Arrays.fill(part, 0);
      }
      for (int half = 0; half < LANES; half += COUNT) {
        ShortTermBlock.clip(block, dots.row(p), lengths[p], half, register, low, high);
      }
      for (int lane = 0; dots.tiled() && lane < LANES; lane++) {
        held[lane] = Math.max(low, Math.min(high, held[lane] + part[lane]));
      }
    }
    return held;
  }

  @Override
  public int[] trace() {
    int preload = slice.preload(channel);
    Arrays.fill(held, preload);
    for (int lane = 0; lane < LANES; lane++) {
      folds[lane] = writes[lane] | preload ^ (preload >> 31);
    }
    for (int p = 0; p < dots.parts(); p++) {
      int[] register = dots.tiled() ? part : held;
      if (dots.tiled()) {
        Arrays.fill(part, 0);
      }
      for (int half = 0; half < LANES; half += COUNT) {
        ShortTermBlock.trace(block, dots.row(p), lengths[p], half, register, folds);
      }
      for (int lane = 0; dots.tiled() && lane < LANES; lane++) {
        held[lane] += part[lane];
        folds[lane] |= held[lane] ^ (held[lane] >> 31);
      }
    }
    return folds;
  }
}
