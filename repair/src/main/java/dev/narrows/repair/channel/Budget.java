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

  /**
   * Whether two terms' integers may change at once, every term taken.
   *
   * @param other may be the same as {@code term} with no change
   */
  boolean allows(int term, int from, int to, int other, int otherFrom, int otherTo) {
    if (to < least || to > most || otherTo < least || otherTo > most) {
      return false;
    }
    long above = above(to) - above(from);
    long below = above(-to) - above(-from);
    long otherAbove = above(otherTo) - above(otherFrom);
    long otherBelow = above(-otherTo) - above(-otherFrom);
    for (int l = 0; l < parts.length; l++) {
      int part = parts[l][term];
      int otherPart = parts[l][other];
      boolean shared = part == otherPart;
      if (part >= 0
          && (up[l][part] < above + (shared ? otherAbove : 0)
              || down[l][part] < below + (shared ? otherBelow : 0))) {
        return false;
      }
      if (!shared
          && otherPart >= 0
          && (up[l][otherPart] < otherAbove || down[l][otherPart] < otherBelow)) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is room for one more unit of weight of a sign. */
  boolean hasRoom(int term, boolean positive) {
    long above = positive ? raise : lower;
    long below = positive ? lower : raise;
    for (int l = 0; l < parts.length; l++) {
      int part = parts[l][term];
      if (part >= 0 && (up[l][part] < above || down[l][part] < below)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a unit of either sign takes of both sides. */
  boolean isTwoSided() {
    return raise > 0 && lower > 0;
  }

  /** Whether a weight may be this integer. */
  boolean isCode(int value) {
    return least <= value && value <= most;
  }

  /** What an integer may raise its sums by; what it may lower them by is its negative's. */
  private long above(int value) {
    return value > 0 ? value * raise : -value * lower;
  }

  /** Changes the integer of a term that was taken. */
  void change(int term, int from, int to) {
    long above = above(to) - above(from);
    long below = above(-to) - above(-from);
    for (int l = 0; l < parts.length; l++) {
      int part = parts[l][term];
      if (part >= 0) {
        up[l][part] -= above;
        down[l][part] -= below;
      }
    }
  }
}
