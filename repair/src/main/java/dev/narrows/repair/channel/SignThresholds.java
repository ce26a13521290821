package dev.narrows.repair.channel;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/**
 * Weights made smaller until rounding them to nearest is within a budget. Every part of a limit has
 * two thresholds, one for what raises its sum and one for what lowers it: the two are separate
 * constraints. A weight loses the sum of its thresholds, each times what a unit of the weight costs
 * that side, relative to the larger of b and −a. For inputs in [0, b] and one register that is one
 * threshold for each sign (docs/repair.md).
 */
final class SignThresholds {
  private static final int HALVINGS = 40;

  private final ChannelTask task;
  private final double raise;
  private final double lower;

  SignThresholds(ChannelTask task) {
    this.task = task;
    double b = Math.max(0, task.inputs().max());
    double a = Math.max(0, -(double) task.inputs().min());
    double unit = Math.max(1, Math.max(a, b));
    this.raise = b / unit;
    this.lower = a / unit;
  }

  /**
   * What each weight must lose in magnitude, [K].
   *
   * @param wanted real weights in units of the scale, [K]
   * @param below what registers that begin with the bias keep free below 0
   * @param above and above 0
   */
  double[] losses(double[] wanted, long below, long above) {
    double[] losses = new double[wanted.length];
    for (SumLimit limit : task.limits()) {
      int[][] members = members(limit, wanted.length);
      for (int part = 0; part < members.length; part++) {
        boolean preloaded = part == limit.preloaded();
        IntegerRange register = limit.register();
        raise(wanted, losses, members[part], true, register.max() - (preloaded ? above : 0));
        raise(wanted, losses, members[part], false, -register.min() - (preloaded ? below : 0));
      }
    }
    return losses;
  }

  private static int[][] members(SumLimit limit, int terms) {
    int[] sizes = new int[limit.count()];
    for (int k = 0; k < terms; k++) {
      if (limit.part(k) >= 0) {
        sizes[limit.part(k)]++;
      }
    }
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, part -> new int[sizes[part]]);
    Arrays.fill(sizes, 0);
    for (int k = 0; k < terms; k++) {
      int part = limit.part(k);
      if (part >= 0) {
        members[part][sizes[part]++] = k;
      }
    }
    return members;
  }

  /** Adds the least threshold of one side that brings the side within its budget. */
  private void raise(double[] wanted, double[] losses, int[] terms, boolean high, long budget) {
    if (within(wanted, losses, terms, high, 0, budget)) {
      return;
    }
    double out = 0;
    double in = 1;
    for (int k : terms) {
      in = Math.max(in, 1 + Math.abs(wanted[k]));
    }
    // a share may be a small part of a unit
    while (in < 1e30 && !within(wanted, losses, terms, high, in, budget)) {
      in *= 2;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (out + in) / 2;
      if (within(wanted, losses, terms, high, middle, budget)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    for (int k : terms) {
      losses[k] += in * share(wanted[k], high);
    }
  }

  private boolean within(
      double[] wanted, double[] losses, int[] terms, boolean high, double threshold, long budget) {
    long b = Math.max(0, task.inputs().max());
    long a = Math.max(0, -task.inputs().min());
    long left = budget;
    for (int k : terms) {
      double value = shrunk(wanted[k], losses[k] + threshold * share(wanted[k], high));
      long code = Math.clamp((long) Math.rint(value), task.codes().min(), task.codes().max());
      left -= Math.abs(code) * (code > 0 == high ? b : a);
      if (left < 0) {
        return false;
      }
    }
    return left >= 0;
  }

  private double share(double weight, boolean high) {
    return weight > 0 == high ? raise : lower;
  }

  /** A weight less its loss, never past 0. */
  static double shrunk(double weight, double loss) {
    return Math.copySign(Math.max(Math.abs(weight) - loss, 0), weight);
  }
}
