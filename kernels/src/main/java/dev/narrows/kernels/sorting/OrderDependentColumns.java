package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.FixedOrderSums;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.WeightSequence;
import dev.narrows.kernels.integer.WidthCounts;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * The columns of one channel whose result depends on the order of the terms as far as exact sums
 * can tell: with S the sum and A the sum of magnitudes, (S + A) / 2 is the largest and (S − A) / 2
 * the smallest sum of any subset of the terms, and so of any write.
 */
final class OrderDependentColumns {
  /** Neighbours that one vector holds, at most, whatever the shape and the lanes. */
  private static final int GROUP = 32;

  /** So many of a group cost more apart than the whole group together. */
  private static final int MANY = 16;

  /** So few of a group are sorted more quickly than bounded. */
  private static final int WORTH_BOUNDING = 3;

  private final IntegerProductSlice slice;
  private final int[] magnitudes; // [channels][columns], or empty where they are not to be had
  private final int[] columns;
  private final int[] rest;
  private final boolean[] sures = new boolean[GROUP];
  private Optional<AscendingBounds> bounds = Optional.empty(); // of the channel at hand
  private boolean bounded; // whether they have been told of the channel
  private int count;

  /**
   * @param slice whose outputs already hold the exact sums
   */
  OrderDependentColumns(IntegerProductSlice slice, WeightSequence rows, int[] channels) {
    this.slice = slice;
    this.columns = new int[slice.x().columns() + 2 * COUNT]; // of short lanes, too
    this.rest = new int[slice.x().columns()];
    boolean fits = slice.weights().longest() * slice.x().largest() <= Integer.MAX_VALUE;
    if (fits && FixedOrderSums.canSumMagnitudes(slice, rows)) {
      magnitudes = slice.scratch().ints(5, slice.weights().channels() * slice.x().columns());
      FixedOrderSums.magnitudes(slice.into(magnitudes).withPreload(new int[0]), rows, channels);
    } else {
      magnitudes = new int[0];
    }
  }

  int count() {
    return count;
  }

  int column(int i) {
    return columns[i];
  }

  /** The columns; from {@link #vector} on those of a vector are complete. */
  int[] columns() {
    return columns;
  }

  /** Repeats the last column to the end of the lanes from {@code at}; returns how many differ. */
  int vector(int at, int lanes) {
    if (count - at < lanes) {
      Arrays.fill(columns, count, at + lanes, columns[count - 1]);
    }
    return Math.min(lanes, count - at);
  }

  /** What bounds the writes of the next channel's dot products more tightly; may be nothing. */
  void boundBy(Optional<AscendingBounds> tighter) {
    bounds = tighter;
    bounded = false;
  }

  /** Finds the columns that the order could take out of {@code bits} bits. */
  void outside(int channel, int bits) {
    find(
        channel,
        column -> Widths.of(least(channel, column), most(channel, column)) <= bits,
        _ -> bits,
        _ -> {});
  }

  /**
   * Lists the columns that are not sure. Where many of {@link #GROUP} neighbours are not, all of
   * them are listed, because neighbours are read at once; such groups come first.
   */
  private void find(int channel, IntPredicate sure, IntUnaryOperator widest, IntConsumer settled) {
    count = 0;
    int others = 0;
    for (int first = slice.firstColumn(); first < slice.lastColumn(); first += GROUP) {
      int end = Math.min(first + GROUP, slice.lastColumn());
      int unsure = 0;
      for (int column = first; column < end; column++) {
        sures[column - first] = sure.test(column);
        unsure += sures[column - first] ? 0 : 1;
      }
      if (bounds.isPresent() && unsure >= WORTH_BOUNDING) {
        unsure -= bound(bounds.get(), channel, first, end, widest);
      }
      boolean together = unsure >= MANY && end - first == GROUP;
      for (int column = first; column < end; column++) {
        if (together) {
          columns[count++] = column;
        } else if (!sures[column - first]) {
          rest[others++] = column;
        } else {
          settled.accept(column);
        }
      }
    }
    System.arraycopy(rest, 0, columns, count, others);
    count += others;
  }

  /** Makes sure of columns whose bound is no wider than allowed; returns of how many. */
  private int bound(AscendingBounds by, int channel, int first, int end, IntUnaryOperator widest) {
    if (!bounded) {
      by.channel(channel, first);
      bounded = true;
    }
    int found = 0;
    for (int from = first; from < end; from += by.lanes()) {
      by.bound(from);
      for (int column = from; column < Math.min(end, from + by.lanes()); column++) {
        if (!sures[column - first] && by.bits(column - from) <= widest.applyAsInt(column)) {
          sures[column - first] = true;
          found++;
        }
      }
    }
    return found;
  }

  /** Counts all columns of a channel as no wider than they end. */
  void settled(int channel, WidthCounts counts) {
    count = 0;
    counts.add(
        slice.out(),
        slice.at(channel, slice.firstPanel()),
        slice.firstColumn(),
        slice.lastColumn());
  }

  /**
   * Counts the columns that no order can make wider than they end, or than the narrowest register
   * that will be asked about, and finds the others.
   *
   * @param enough the width from which on a sum is never transient in the order at hand
   */
  void wider(int channel, int enough, int narrowest, WidthCounts counts) {
    find(
        channel,
        column -> {
          int finalBits = finalBits(channel, column);
          return finalBits >= enough
              || Widths.of(least(channel, column), most(channel, column))
                  <= Math.max(finalBits, narrowest);
        },
        column -> Math.max(finalBits(channel, column), narrowest),
        column -> {
          int finalBits = finalBits(channel, column);
          counts.add(column, finalBits, finalBits);
        });
  }

  private int finalBits(int channel, int column) {
    return Widths.of(slice.out()[slice.at(channel, 0) + column]);
  }

  private long least(int channel, int column) {
    if (magnitudes.length == 0) {
      return Long.MIN_VALUE;
    }
    int load = slice.preload(channel);
    long sum = (long) slice.out()[slice.at(channel, 0) + column] - load;
    return Math.min(load, 0) + (sum - magnitudes[channel * slice.x().columns() + column]) / 2;
  }

  private long most(int channel, int column) {
    if (magnitudes.length == 0) {
      return Long.MAX_VALUE;
    }
    int load = slice.preload(channel);
    long sum = (long) slice.out()[slice.at(channel, 0) + column] - load;
    return Math.max(load, 0) + (sum + magnitudes[channel * slice.x().columns() + column]) / 2;
  }
}
