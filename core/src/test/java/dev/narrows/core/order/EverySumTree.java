package dev.narrows.core.order;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All trees of registers over a few terms. */
final class EverySumTree {
  private EverySumTree() {}

  /**
   * Every order of the terms in every way of bracketing them.
   *
   * @param written whether single terms may be written to registers of their own too
   */
  static List<SumTree> of(int terms, boolean written) {
    return of(terms, written, false);
  }

  /** Also with all terms in another register than the last one, which then only takes its value. */
  static List<SumTree> ofPreloaded(int terms) {
    return of(terms, true, true);
  }

  private static List<SumTree> of(int terms, boolean written, boolean whole) {
    List<SumTree> trees = new ArrayList<>();
    for (int[] order : orders(terms)) {
      for (int[] steps : runs(order, 0, terms, whole, written)) {
        trees.add(SumTree.ofSteps(steps));
      }
    }
    return trees;
  }

  private static List<int[]> orders(int terms) {
    List<int[]> orders = new ArrayList<>(List.of(new int[0]));
    for (int k = 0; k < terms; k++) {
      List<int[]> longer = new ArrayList<>();
      for (int[] order : orders) {
        for (int at = 0; at <= order.length; at++) {
          int place = at;
          int next = k;
          longer.add(
              IntStream.rangeClosed(0, order.length)
                  .map(i -> i < place ? order[i] : i == place ? next : order[i - 1])
                  .toArray());
        }
      }
      orders = longer;
    }
    return orders;
  }

  /**
   * What one register may do with a part of an order: its children one after the other.
   *
   * @param whole whether one child may be a register that takes all of the part
   */
  private static List<int[]> runs(int[] order, int from, int to, boolean whole, boolean written) {
    List<int[]> all = new ArrayList<>();
    if (from == to) {
      all.add(new int[0]);
    }
    for (int cut = from + 1; cut <= to; cut++) {
      if (cut == to && cut - from > 1 && !whole) {
        continue; // a register that takes nothing but another one's value
      }
      List<int[]> rest = runs(order, cut, to, true, written);
      for (int[] child : children(order, from, cut, written)) {
        for (int[] others : rest) {
          all.add(IntStream.concat(IntStream.of(child), IntStream.of(others)).toArray());
        }
      }
    }
    return all;
  }

  private static List<int[]> children(int[] order, int from, int to, boolean written) {
    List<int[]> all = new ArrayList<>();
    if (to - from == 1) {
      all.add(new int[] {order[from]});
    }
    if (to - from > 1 || written) {
      List<int[]> inside =
          to - from == 1 ? List.of(new int[] {order[from]}) : runs(order, from, to, false, written);
      for (int[] steps : inside) {
        all.add(
            IntStream.concat(
                    IntStream.concat(IntStream.of(SumTree.OPEN), IntStream.of(steps)),
                    IntStream.of(SumTree.CLOSE))
                .toArray());
      }
    }
    return all;
  }
}
