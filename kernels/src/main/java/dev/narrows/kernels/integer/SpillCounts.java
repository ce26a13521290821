package dev.narrows.kernels.integer;

import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.SpillCount;
import dev.narrows.core.dot.SpillDot;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Counts the spills of a product: channels that cannot leave the narrow register have none; in an
 * order that the terms do not change the others are walked in integer lanes, elsewhere by core's
 * reference.
 */
public final class SpillCounts {
  private final SparseWeights weights;
  private final IntegerPanels x;
  private final long[] preload; // a value per channel, or empty
  private final Spilling register;
  private final SummationOrder order;
  private SpillCount count = SpillCount.none();

  private SpillCounts(
      SparseWeights weights,
      IntegerPanels x,
      long[] preload,
      Spilling register,
      SummationOrder order) {
    this.weights = weights;
    this.x = x;
    this.preload = preload;
    this.register = register;
    this.order = order;
  }

  /** The spills of every channel over every column. */
  public static SpillCount of(
      SparseWeights weights,
      WeightSequences sequences,
      IntegerPanels x,
      long[] preload,
      Spilling register,
      SummationOrder order) {
    SpillCounts counts = new SpillCounts(weights, x, preload, register, order);
    counts.run(sequences);
    return counts.count;
  }

  private void run(WeightSequences sequences) {
    OrderPlan plan = OrderPlan.of(order);
    for (int channel : sequences.channels()) {
      if (fits(channel, register.bits())) {
        add(SpillCount.clean(x.columns()));
      } else if (plan instanceof OrderPlan.Fixed fixed
          && register.bits() <= 32
          && fits(channel, 32)) {
        inLanes(channel, sequences.rows(order), fixed.chunk().isPresent());
      } else {
        byReference(channel);
      }
    }
  }

  private void add(SpillCount more) {
    count = count.plus(more);
  }

  private long load(int channel) {
    return preload.length == 0 ? 0 : preload[channel];
  }

  /** Whether no subset of the terms, with the preload or without, leaves so many bits. */
  private boolean fits(int channel, int bits) {
    long most =
        SparseWeights.capped(
            weights.highest(channel, x.low(), x.high()), Math.max(0, load(channel)));
    long least =
        -SparseWeights.capped(
            -weights.lowest(channel, x.low(), x.high()), -Math.min(0, load(channel)));
    return least >= Widths.min(bits) && most <= Widths.max(bits);
  }

  private void byReference(int channel) {
    for (int column = 0; column < x.columns(); column++) {
      long[] terms = ReferenceSums.terms(weights, x, channel, column);
      add(SpillCount.of(SpillDot.sum(register, order, terms, load(channel))));
    }
  }

  private void inLanes(int channel, WeightSequence rows, boolean parts) {
    int[] held = new int[VectorLanes.PANEL];
    int[] totals = new int[VectorLanes.PANEL];
    int[] spills = new int[VectorLanes.PANEL]; // negated
    int[] of = rows.integers;
    int[] row = x.rows(rows);
    int[] inputs = x.integers();
    int unused = 32 - register.bits();
    boolean loads = register.holds(load(channel));
    int start = loads ? (int) load(channel) : 0;
    for (int panel = 0; panel < x.shape().panelCount(); panel++) {
      Arrays.fill(totals, start);
      Arrays.fill(held, parts ? 0 : start);
      Arrays.fill(spills, loads ? 0 : -1);
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int tile = 0;
            tile < VectorLanes.PANEL;
            tile += IntegerTiles.NARROW * VectorLanes.COUNT) {
          IntegerTiles.spillingInIntegerLanes(
              of,
              row,
              rows.from(channel, segment),
              rows.to(channel, segment),
              inputs,
              x.base(panel) + tile,
              held,
              spills,
              tile,
              unused);
        }
        if (parts && rows.endsPart[segment]) {
          join(totals, held, spills);
        }
      }
      for (int j = 0; j < x.shape().width(panel); j++) {
        add(new SpillCount(1, spills[j] < 0 ? 1 : 0, -(long) spills[j]));
      }
    }
  }

  /** Adds what the parts hold to the totals; a part always fits by itself. */
  private void join(int[] totals, int[] held, int[] spills) {
    int unused = 32 - register.bits();
    for (int j = 0; j < totals.length; j++) {
      int sum = totals[j] + held[j];
      boolean left = sum << unused >> unused != sum;
      totals[j] = left ? held[j] : sum;
      spills[j] -= left ? 1 : 0;
      held[j] = 0;
    }
  }
}
