package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.IntVector;

/**
 * Sorts as many columns at once as a vector has lanes: row i of the block is one vector, and every
 * column ends in ascending order.
 *
 * <p>Batcher's merge exchange for any number of rows (Knuth, The Art of Computer Programming 3,
 * 5.2.2, algorithm M): which rows meet does not depend on the data.
 */
final class SortingNetwork {
  private SortingNetwork() {}

  /** Sorts the rows [from, from + count) of {@code block}, {@link Lanes#COUNT} ints each. */
  static void sort(int[] block, int from, int count) {
    if (count < 2) {
      return;
    }
    int top = Integer.highestOneBit(count - 1);
    for (int p = top; p > 0; p >>= 1) {
      exchange(block, from, count, p, 0, p);
      for (int q = top; q != p; q >>= 1) {
        exchange(block, from, count, p, p, q - p);
      }
    }
  }

  /** Orders rows i and i + distance for every i with i AND p = r. */
  private static void exchange(int[] block, int from, int count, int p, int r, int distance) {
    for (int run = r; run < count - distance; run += 2 * p) {
      int length = Math.min(p, count - distance - run);
      run(block, (from + run) * COUNT, (from + run + distance) * COUNT, length * COUNT);
    }
  }

  private static void run(int[] block, int low, int high, int length) {
    for (int i = 0; i < length; i += COUNT) {
      IntVector a = IntVector.fromArray(INTS, block, low + i);
      IntVector b = IntVector.fromArray(INTS, block, high + i);
      a.min(b).intoArray(block, low + i);
      a.max(b).intoArray(block, high + i);
    }
  }
}
