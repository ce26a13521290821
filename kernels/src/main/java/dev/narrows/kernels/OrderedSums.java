package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import java.util.Arrays;

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

  private OrderedDots dots(Job target) {
    return new OrderedDots(target, order);
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
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    int[] loads = new int[job.weights().channels()];
    Arrays.setAll(loads, c -> Math.clamp(job.preload(c), low, high));
    Job loaded = job.withPreload(loads);
    Sums.exact(loaded, rows, channels);
    int[] magnitudes = magnitudes(channels);
    OrderedDots dots = dots(loaded);
    for (int channel : channels) {
      if (ideal() && termBits(channel) <= bits) {
        loaded.clamp(channel, low, high); // methods §2, theorem (a)
        continue;
      }
      int left = unsure(loaded, channel, magnitudes, low, high);
      if (!covered(channel, bits)) {
        for (int i = 0; i < left; i++) {
          ReferenceSums.run(job, new Saturating(bits), order, channel, undecided[i]);
        }
        continue;
      }
      dots.channel(channel);
      for (int at = 0; at < left; at += COUNT) {
        int used = fill(left, at);
        dots.gather(undecided, at, used);
        dots.arrange(low, high);
        int[] held = dots.clip(loads[channel], low, high);
        for (int lane = 0; lane < used; lane++) {
          job.out()[job.offset() + channel * job.stride() + undecided[at + lane]] = held[lane];
        }
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
      int sum = sums.out()[sums.offset() + channel * sums.stride() + column] - load;
      int magnitude = magnitudes[channel * job.x().columns() + column];
      long positive = ((long) magnitude + sum) / 2;
      long negative = ((long) sum - magnitude) / 2;
      boolean sure = Math.max(load, 0) + positive <= high && Math.min(load, 0) + negative >= low;
      left += sure ? 0 : 1;
    }
    return left;
  }

  /** Exact sums and their classes. */
  void classify(int[] channels, WidthCounts[] counts) {
    Sums.exact(job, rows, channels);
    int[] magnitudes = magnitudes(channels);
    OrderedDots dots = dots(job);
    int[] finals = new int[COUNT];
    for (int channel : channels) {
      WidthCounts count = counts[channel % counts.length];
      int load = job.preload(channel);
      int enough = ideal() ? Math.max(termBits(channel), Widths.of(load)) : 65;
      int left = uncounted(channel, magnitudes, enough, count);
      boolean covered = covered(channel, 30);
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
    int sum = job.out()[job.offset() + channel * job.stride() + column];
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
        int sum = job.out()[job.offset() + channel * job.stride() + column] - load;
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
