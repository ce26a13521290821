package dev.narrows.kernels.integer;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.lane.LaneReduction;

/**
 * What no kernel covers, through the reference itself, lanes of SIMD kernels through their twin;
 * results of 32 bits.
 */
public final class ReferenceSums {
  private ReferenceSums() {}

  /**
   * @throws ArithmeticException if a register does not fit the 32 bits of an output
   */
  public static void run(
      IntegerProductSlice slice, Accumulator accumulator, SummationOrder order, int[] channels) {
    if (order.lanes().isPresent()
        && accumulator instanceof IntegerAccumulator register
        && slice.allFit(62)) {
      slice.decided(DecidedBy.STEPS, channels.length);
      LaneColumns columns = new LaneColumns(slice, order.lanes().get(), register);
      for (int channel : channels) {
        columns.run(channel, slice.preload(channel));
        for (int column = slice.firstColumn(); column < slice.lastColumn(); column++) {
          store(slice, channel, column, columns.total(column));
        }
      }
      return;
    }
    slice.decided(DecidedBy.REFERENCE, channels.length);
    for (int channel : channels) {
      for (int column = slice.firstColumn(); column < slice.lastColumn(); column++) {
        run(slice, accumulator, order, channel, column);
      }
    }
  }

  /** One dot product. */
  public static void run(
      IntegerProductSlice slice,
      Accumulator accumulator,
      SummationOrder order,
      int channel,
      int column) {
    store(slice, channel, column, outcome(slice, accumulator, order, channel, column).value());
  }

  /** The same, counting each dot product. */
  public static void classify(
      IntegerProductSlice slice,
      SummationOrder order,
      ColumnFolds columns,
      OverflowProfile.Builder[] profiles) {
    if (order.lanes().isPresent() && slice.allFit(62)) {
      slice.decided(DecidedBy.STEPS, slice.weights().channels());
      classifyLanes(slice, order.lanes().get(), columns, profiles);
      return;
    }
    slice.decided(DecidedBy.REFERENCE, slice.weights().channels());
    for (int channel = 0; channel < slice.weights().channels(); channel++) {
      for (int column = slice.firstColumn(); column < slice.lastColumn(); column++) {
        DotOutcome outcome = outcome(slice, new Exact(), order, channel, column);
        store(slice, channel, column, outcome.value());
        profiles[channel % profiles.length].add(outcome.finalBits(), outcome.pathBits());
        columns.add(column, outcome.finalBits(), outcome.pathBits());
      }
    }
  }

  private static void classifyLanes(
      IntegerProductSlice slice,
      LaneReduction lanes,
      ColumnFolds columns,
      OverflowProfile.Builder[] profiles) {
    LaneColumns sums = new LaneColumns(slice, lanes, new Exact());
    for (int channel = 0; channel < slice.weights().channels(); channel++) {
      sums.run(channel, slice.preload(channel));
      for (int column = slice.firstColumn(); column < slice.lastColumn(); column++) {
        store(slice, channel, column, sums.total(column));
        profiles[channel % profiles.length].add(sums.finalBits(column), sums.pathBits(column));
        columns.add(column, sums.finalBits(column), sums.pathBits(column));
      }
    }
  }

  private static void store(IntegerProductSlice slice, int channel, int column, long value) {
    if (value != (int) value) {
      throw new ArithmeticException(
          "channel %d of column %d holds %d, more than the 32 bits of an output"
              .formatted(channel, column, value));
    }
    slice.out()[slice.offset() + channel * slice.stride() + column] = (int) value;
  }

  /** What one dot product ends at and passes through, by core's reference. */
  public static DotOutcome outcome(
      IntegerProductSlice slice,
      Accumulator accumulator,
      SummationOrder order,
      int channel,
      int column) {
    long[] terms = terms(slice.weights(), slice.x(), channel, column);
    return Dot.sum(accumulator, order, terms, slice.preload(channel));
  }

  /** The K products, zeros in their places: chunks are cut on the index k. */
  static long[] terms(SparseWeights weights, IntegerPanels x, int channel, int column) {
    long[] terms = new long[weights.terms()];
    for (int i = weights.start(channel); i < weights.start(channel + 1); i++) {
      int k = weights.index(i);
      terms[k] = (long) weights.value(i) * x.values()[k * x.stride() + column];
    }
    return terms;
  }
}
