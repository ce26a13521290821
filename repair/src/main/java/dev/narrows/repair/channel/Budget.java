package dev.narrows.repair.channel;

import java.util.Arrays;
import java.util.List;

/**
 * What is left of a channel's limits while its integers are chosen one by one. A unit of positive
 * weight may raise a sum by max(0, b) and lower it by max(0, −a); a unit of negative weight the
 * reverse. All in exact integers.
 */
final class Budget {
  private final int[][] parts;
  private final long[][] up;
  private final long[][] down;
  private final long least;
  private final long most;
  private final long raise;
  private final long lower;

  private Budget(ChannelTask task) {
    List<SumLimit> limits = task.limits();
    this.parts = new int[limits.size()][];
    this.up = new long[limits.size()][];
    this.down = new long[limits.size()][];
    this.least = task.codes().min();
    this.most = task.codes().max();
    this.raise = Math.max(0, task.inputs().max());
    this.lower = Math.max(0, Math.negateExact(task.inputs().min()));
    for (int l = 0; l < parts.length; l++) {
      SumLimit limit = limits.get(l);
      parts[l] = new int[task.given().length];
      Arrays.setAll(parts[l], limit::part);
      up[l] = new long[limit.count()];
      down[l] = new long[limit.count()];
      Arrays.fill(up[l], limit.register().max());
      Arrays.fill(down[l], Math.negateExact(limit.register().min()));
    }
  }

  /** The whole of a task's limits, less what registers that begin with the bias must keep free. */
  static Budget of(ChannelTask task, long below, long above) {
    Budget budget = new Budget(task);
    for (int l = 0; l < budget.parts.length; l++) {
      int part = task.limits().get(l).preloaded();
      if (part >= 0) {
        budget.up[l][part] = Math.subtractExact(budget.up[l][part], above);
        budget.down[l][part] = Math.subtractExact(budget.down[l][part], below);
      }
    }
    return budget;
  }

  /** Whether zero weights are within it. */
  boolean isOpen() {
    return Arrays.stream(up).flatMapToLong(Arrays::stream).allMatch(left -> left >= 0)
        && Arrays.stream(down).flatMapToLong(Arrays::stream).allMatch(left -> left >= 0);
  }

  /** The integer nearest to a real number that the codes and what is left allow for a term. */
  int nearest(int term, double wanted) {
    long value = Math.clamp((long) Math.rint(wanted), least, most);
    long size = Math.abs(value);
    for (int l = 0; l < parts.length && size > 0; l++) {
      int part = parts[l][term];
      if (part >= 0) {
        if (raise > 0) {
          size = Math.min(size, Math.max(0, value > 0 ? up[l][part] : down[l][part]) / raise);
        }
        if (lower > 0) {
          size = Math.min(size, Math.max(0, value > 0 ? down[l][part] : up[l][part]) / lower);
        }
      }
    }
    return (int) (value > 0 ? size : -size);
  }

  /** Takes an integer's share. */
  void take(int term, int value) {
    long size = Math.abs((long) value);
    long here = Math.multiplyExact(size, value > 0 ? raise : lower);
    long there = Math.multiplyExact(size, value > 0 ? lower : raise);
    for (int l = 0; l < parts.length; l++) {
      int part = parts[l][term];
      if (part >= 0) {
        up[l][part] = Math.subtractExact(up[l][part], here);
        down[l][part] = Math.subtractExact(down[l][part], there);
      }
    }
  }

  /** Whether weights are within it, all their shares taken; leaves it as it was. */
  boolean holds(int[] weights) {
    long[][] high = clone(up);
    long[][] low = clone(down);
    for (int k = 0; k < weights.length; k++) {
      long size = Math.abs((long) weights[k]);
      if (size > 0) {
        long here = Math.multiplyExact(size, weights[k] > 0 ? raise : lower);
        long there = Math.multiplyExact(size, weights[k] > 0 ? lower : raise);
        for (int l = 0; l < parts.length; l++) {
          int part = parts[l][k];
          if (part >= 0) {
            high[l][part] -= here;
            low[l][part] -= there;
            if (high[l][part] < 0 || low[l][part] < 0) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  private static long[][] clone(long[][] sums) {
    return Arrays.stream(sums).map(long[]::clone).toArray(long[][]::new);
  }
}
