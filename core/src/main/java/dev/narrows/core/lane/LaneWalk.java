package dev.narrows.core.lane;

import java.util.Arrays;
import java.util.Optional;

/**
 * One dot product through a reduction in exact arithmetic: the sums that a lane of any width would
 * have held, and the first of them that its register cannot hold.
 *
 * @param exactSums what the last level would hand over
 * @param overflow the first one in the order of execution, level by level; empty if every register
 *     holds what it has to
 */
public record LaneWalk(long[] exactSums, Optional<LaneOverflow> overflow) {
  /**
   * A sum that a register cannot hold.
   *
   * @param level from 0
   * @param lane the place of the lane's sum among all that its level hands over, from 0
   * @param step how many items the lane had added, from 1
   * @param sum exact
   */
  public record LaneOverflow(int level, int lane, int step, long sum) {}

  /**
   * Walks the terms.
   *
   * @param terms K products in memory order
   * @throws ArithmeticException if an exact sum leaves 64 bits
   */
  public static LaneWalk of(LaneReduction reduction, long[] terms) {
    return of(reduction, terms, new long[reduction.levels().size()]);
  }

  /**
   * Walks the terms through lanes that hold something beforehand.
   *
   * @param starts what every lane of each level starts from
   */
  public static LaneWalk of(LaneReduction reduction, long[] terms, long[] starts) {
    long[] items = terms;
    Optional<LaneOverflow> overflow = Optional.empty();
    for (int level = 0; level < reduction.levels().size(); level++) {
      LaneLevel own = reduction.levels().get(level);
      long[] sums = new long[own.sums(items.length)];
      int[] steps = new int[sums.length];
      Arrays.fill(sums, starts[level]);
      boolean everyWrite = own.register().saturating();
      for (int i = 0; i < items.length; i++) {
        int lane = Math.toIntExact(own.lane(i));
        sums[lane] = Math.addExact(sums[lane], items[i]);
        steps[lane]++;
        if (everyWrite && overflow.isEmpty() && !own.register().range().contains(sums[lane])) {
          overflow = Optional.of(new LaneOverflow(level, lane, steps[lane], sums[lane]));
        }
      }
      if (!everyWrite && reduction.mustFitAtEnd(level)) {
        for (int lane = 0; lane < sums.length && overflow.isEmpty(); lane++) {
          if (!own.register().range().contains(sums[lane])) {
            overflow = Optional.of(new LaneOverflow(level, lane, steps[lane], sums[lane]));
          }
        }
      }
      items = sums;
    }
    return new LaneWalk(items, overflow);
  }
}
