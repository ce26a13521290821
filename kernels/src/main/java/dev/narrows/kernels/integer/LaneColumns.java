package dev.narrows.kernels.integer;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.format.Widths;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.LaneRegister;
import java.util.Arrays;
import java.util.List;

/**
 * The twin of core's reduction, for all columns of a channel at once: terms are pushed through the
 * levels one by one, and each level hands over when its block is full. Layout as in {@link
 * IntegerPanels}.
 *
 * <p>Exact, where no register is named: then every register's ranges are checked instead, and a
 * column whose lane could not hold its sum is marked.
 */
final class LaneColumns {
  private static final long NONE = 0;

  private final SparseWeights weights;
  private final IntegerPanels x;
  private final int first;
  private final int columns;
  private final LaneReduction reduction;
  private final List<LaneLevel> levels;
  private final boolean exact;
  private final long[][][] held; // level, lane, column
  private final long[] items; // pushed into the open block of each level
  private final long[] total;
  private final long[] lost; // negative where a lane could not hold its sum
  private final long[] paths; // folds of all totals
  private final LaneRegister last;

  /**
   * @param accumulator that the lanes' sums are added in; exact where it is {@code Exact}
   */
  LaneColumns(IntegerProductSlice slice, LaneReduction reduction, IntegerAccumulator accumulator) {
    this.weights = slice.weights();
    this.x = slice.x();
    this.first = slice.firstColumn();
    this.columns = slice.lastColumn() - first;
    this.reduction = reduction;
    this.levels = reduction.levels();
    this.exact = accumulator.bits() == 64;
    this.last = new LaneRegister(accumulator.bits(), true, accumulator instanceof Saturating);
    this.held = new long[levels.size()][][];
    Arrays.setAll(
        held,
        level -> new long[Math.min(levels.get(level).stride(), weights.terms() + 1)][columns]);
    this.items = new long[levels.size()];
    this.total = new long[columns];
    this.lost = new long[columns];
    this.paths = new long[columns];
  }

  /** Sums a channel. */
  void run(int channel, long preload) {
    Arrays.fill(total, exact ? preload : last.hold(preload));
    Arrays.fill(lost, NONE);
    Arrays.fill(paths, Widths.fold(preload));
    Arrays.fill(items, 0);
    for (long[][] lanes : held) {
      for (long[] lane : lanes) {
        Arrays.fill(lane, 0);
      }
    }
    int next = weights.start(channel);
    int end = weights.start(channel + 1);
    long[] products = new long[columns];
    for (int k = 0; k < weights.terms(); k++) {
      boolean zero = next == end || weights.index(next) != k;
      if (!zero) {
        int q = weights.value(next++);
        int row = k * x.stride() + first;
        int[] values = x.values();
        for (int j = 0; j < columns; j++) {
          products[j] = (long) q * values[row + j];
        }
      }
      push(0, products, zero);
    }
    for (int level = 0; level < levels.size(); level++) {
      handOver(level);
    }
  }

  /** Adds an item to its lane; one that is zero everywhere changes nothing but the place. */
  private void push(int level, long[] item, boolean zero) {
    if (level == levels.size()) {
      add(item);
      return;
    }
    LaneLevel own = levels.get(level);
    if (!zero) {
      add(own.register(), held[level][(int) (items[level] % own.stride())], item);
    }
    if (++items[level] == own.block(Integer.MAX_VALUE)) {
      handOver(level);
    }
  }

  private void add(LaneRegister register, long[] lane, long[] item) {
    long min = register.min();
    long max = register.max();
    if (exact) {
      boolean checked = register.saturating() && register.bits() < 64;
      for (int j = 0; j < columns; j++) {
        long sum = lane[j] + item[j];
        lane[j] = sum;
        if (checked) {
          lost[j] |= sum - min | max - sum;
        }
      }
    } else if (register.saturating()) {
      for (int j = 0; j < columns; j++) {
        lane[j] = Math.max(min, Math.min(max, lane[j] + item[j]));
      }
    } else {
      int unused = 64 - register.bits();
      boolean signed = register.signed();
      for (int j = 0; j < columns; j++) {
        long sum = lane[j] + item[j] << unused;
        lane[j] = signed ? sum >> unused : sum >>> unused;
      }
    }
  }

  /** What the lanes of a level's open block hold goes to the next level. */
  private void handOver(int level) {
    LaneLevel own = levels.get(level);
    LaneRegister register = own.register();
    int lanes = (int) Math.min(items[level], own.stride());
    items[level] = 0;
    boolean checked =
        exact && !register.saturating() && register.bits() < 64 && reduction.mustFitAtEnd(level);
    for (int lane = 0; lane < lanes; lane++) {
      long[] sums = held[level][lane];
      if (checked) {
        for (int j = 0; j < columns; j++) {
          lost[j] |= sums[j] - register.min() | register.max() - sums[j];
        }
      }
      push(level + 1, sums, false);
      Arrays.fill(sums, 0);
    }
  }

  private void add(long[] item) {
    if (exact) {
      for (int j = 0; j < columns; j++) {
        total[j] += item[j];
        paths[j] |= Widths.fold(total[j]);
      }
    } else if (last.saturating()) {
      for (int j = 0; j < columns; j++) {
        total[j] = Math.max(last.min(), Math.min(last.max(), total[j] + item[j]));
      }
    } else {
      for (int j = 0; j < columns; j++) {
        total[j] = last.hold(total[j] + item[j]);
      }
    }
  }

  /** The sum of a column of the slice. */
  long total(int column) {
    return total[column - first];
  }

  /** Of an exact sum: the width below which this dot product is persistent. */
  int finalBits(int column) {
    return lost[column - first] < 0 ? 64 : Widths.of(total[column - first]);
  }

  /** Of an exact sum: the width of the widest write behind the lanes. */
  int pathBits(int column) {
    return Math.max(finalBits(column), Widths.ofFold(paths[column - first]));
  }
}
