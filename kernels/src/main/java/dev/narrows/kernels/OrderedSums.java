package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums in orders that depend on the terms. What every order agrees on is taken from exact sums; the
 * dot products left over are walked, a vector of them at a time.
 */
final class OrderedSums {
  private final Job job;
  private final SummationOrder order;
  private final Rows rows;
  private final int[] undecided; // columns of one channel

  OrderedSums(Job job, SummationOrder order, Rows rows) {
    this.job = job;
    this.order = order;
    this.rows = rows;
    this.undecided = new int[job.x().columns() + COUNT];
  }

  /** Whether this order brings every sum of fitting terms into the register if it fits. */
  private boolean ideal() {
    return order instanceof SummationOrder.SignDirected
        || order instanceof SummationOrder.Sorted sorted && sorted.rounds().isEmpty();
  }

  /** The width of the widest product of a channel. */
  private int termBits(int channel) {
    int low = job.x().low();
    int high = job.x().high();
    Weights weights = job.weights();
    return Widths.of(
        -weights.widestTerm(channel, low, high, -1), weights.widestTerm(channel, low, high, 1));
  }

  private boolean covered(int channel, int bits) {
    int low = job.x().low();
    int high = job.x().high();
    Weights weights = job.weights();
    long widest =
        Math.max(
            weights.widestTerm(channel, low, high, -1), weights.widestTerm(channel, low, high, 1));
    int terms = weights.start(channel + 1) - weights.start(channel);
    return !(order instanceof SummationOrder.SignDirected)
        && OrderedDots.covers(order, terms, widest, bits);
  }

  /** Saturating registers of {@code bits} bits; every sum of a subset of terms fits 32 bits. */
  void saturate(int[] channels, int bits) {
    saturate(channels, new int[] {bits}, new int[][] {job.out()});
  }

  /** Whether one arrangement serves saturating registers of {@code bits} bits and of any more. */
  boolean shared(int[] channels, int bits) {
    for (int channel : channels) {
      boolean pairsFit = order instanceof SummationOrder.Ascending || termBits(channel) <= bits;
      if (!pairsFit || Widths.of(job.preload(channel)) > bits || !covered(channel, bits)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Saturating registers of several widths from one arrangement of the terms.
   *
   * @param widths ascending; more than one only if the first is {@link #shared}
   * @param outs an array for each width, laid out as the job's
   */
  void saturate(int[] channels, int[] widths, int[][] outs) {
    int low = (int) Widths.min(widths[0]);
    int high = (int) Widths.max(widths[0]);
    int[] loads = new int[job.weights().channels()];
    Arrays.setAll(loads, c -> Math.clamp(job.preload(c), low, high));
    Job loaded = job.withPreload(loads);
    Sums.exact(loaded, rows, channels);
    int[] magnitudes = magnitudes(channels);
    OrderedDots dots = new OrderedDots(loaded, order);
    for (int channel : channels) {
      share(channel, outs);
      if (ideal() && termBits(channel) <= widths[0]) {
        for (int i = 0; i < widths.length; i++) { // methods §2, theorem (a)
          loaded.clamp(outs[i], channel, widths[i]);
        }
        continue;
      }
      int left = unsure(loaded, channel, magnitudes, low, high);
      if (covered(channel, widths[0])) {
        dots.channel(channel);
        for (int at = 0; at < left; at += COUNT) {
          walk(dots, channel, loads[channel], at, fill(left, at), widths, outs);
        }
      } else {
        for (int i = 0; i < left; i++) {
          ReferenceSums.run(job, new Saturating(widths[0]), order, channel, undecided[i]);
        }
      }
    }
  }

  private void share(int channel, int[][] outs) {
    int from = job.at(channel, job.firstPanel());
    for (int[] out : outs) {
      if (out != job.out()) {
        System.arraycopy(job.out(), from, out, from, job.lastColumn() - job.firstColumn());
      }
    }
  }

  private void walk(
      OrderedDots dots, int channel, int load, int at, int used, int[] widths, int[][] outs) {
    dots.gather(undecided, at, used);
    dots.arrange((int) Widths.min(widths[0]), (int) Widths.max(widths[0]));
    int clean = widths.length == 1 ? 33 : dots.widest(load);
    for (int i = 0; i < widths.length && widths[i] < clean; i++) {
      int[] held = dots.clip(load, (int) Widths.min(widths[i]), (int) Widths.max(widths[i]));
      for (int lane = 0; lane < used; lane++) {
        outs[i][job.at(channel, 0) + undecided[at + lane]] = held[lane];
      }
    }
  }

  /** Repeats the last column to the end of a vector; returns how many are in use. */
  private int fill(int left, int at) {
    if (left - at < COUNT) {
      Arrays.fill(undecided, left, at + COUNT, undecided[left - 1]);
    }
    return Math.min(COUNT, left - at);
  }

  /** Σ|q·x| of every dot, or nothing where that is not to be had. */
  private int[] magnitudes(int[] channels) {
    boolean fits = job.weights().longest() * job.x().largest() <= Integer.MAX_VALUE;
    if (!fits || !Sums.canSumMagnitudes(job, rows)) {
      return new int[0];
    }
    int columns = job.x().columns();
    int[] sums = job.scratch().ints(5, job.weights().channels() * columns);
    Sums.magnitudes(job.into(sums).withPreload(new int[0]), rows, channels);
    return sums;
  }

  /** Lists the columns of a channel that some order could take out of [low, high]. */
  private int unsure(Job sums, int channel, int[] magnitudes, int low, int high) {
    int load = sums.preload(channel);
    int left = 0;
    for (int column = job.firstColumn(); column < job.lastColumn(); column++) {
      undecided[left] = column;
      if (magnitudes.length == 0) {
        left++;
        continue;
      }
      int sum = sums.out()[sums.at(channel, 0) + column] - load;
      int magnitude = magnitudes[channel * job.x().columns() + column];
      long positive = ((long) magnitude + sum) / 2;
      long negative = ((long) sum - magnitude) / 2;
      boolean sure = Math.max(load, 0) + positive <= high && Math.min(load, 0) + negative >= low;
      left += sure ? 0 : 1;
    }
    return left;
  }

  /** Exact sums and their classes. */
  void classify(WidthCounts[] counts) {
    int[] channels = IntStream.range(0, job.weights().channels()).toArray();
    Sums.exact(job, rows, channels);
    int[] magnitudes = magnitudes(channels);
    OrderedDots dots = new OrderedDots(job, order);
    int[] finals = new int[COUNT];
    for (int channel : channels) {
      WidthCounts count = counts[channel % counts.length];
      int load = job.preload(channel);
      int enough = ideal() ? Math.max(termBits(channel), Widths.of(load)) : 65;
      int left = uncounted(channel, magnitudes, enough, count);
      boolean covered = covered(channel, OrderedDots.MAX_BITS);
      dots.channel(channel);
      for (int at = 0; at < left; at += COUNT) {
        int used = fill(left, at);
        for (int lane = 0; lane < used; lane++) {
          finals[lane] = fold(channel, undecided[at + lane]);
        }
        if (covered) {
          dots.gather(undecided, at, used);
          dots.arrange(Integer.MIN_VALUE, Integer.MAX_VALUE);
          count.add(finals, dots.trace(load), used);
        } else {
          for (int lane = 0; lane < used; lane++) {
            int column = undecided[at + lane];
            DotOutcome outcome = ReferenceSums.outcome(job, new Exact(), order, channel, column);
            count.add(outcome.finalBits(), outcome.pathBits());
          }
        }
      }
    }
  }

  private int fold(int channel, int column) {
    int sum = job.out()[job.at(channel, 0) + column];
    return sum ^ (sum >> 31);
  }

  /** Counts the dots whose path no order can widen; lists the columns of the others. */
  private int uncounted(int channel, int[] magnitudes, int enough, WidthCounts count) {
    int load = job.preload(channel);
    int left = 0;
    for (int column = job.firstColumn(); column < job.lastColumn(); column++) {
      int finalBits = 33 - Integer.numberOfLeadingZeros(fold(channel, column));
      undecided[left] = column;
      boolean sure = finalBits >= enough; // methods §2, theorem (a): never transient
      if (!sure && magnitudes.length > 0) {
        int sum = job.out()[job.at(channel, 0) + column] - load;
        int magnitude = magnitudes[channel * job.x().columns() + column];
        long positive = ((long) magnitude + sum) / 2;
        long negative = ((long) sum - magnitude) / 2;
        sure = Widths.of(Math.min(load, 0) + negative, Math.max(load, 0) + positive) == finalBits;
      }
      if (sure) {
        count.add(finalBits, finalBits);
      } else {
        left++;
      }
    }
    return left;
  }
}
