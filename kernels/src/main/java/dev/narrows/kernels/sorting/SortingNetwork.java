package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/**
 * Sorts as many columns at once as a vector has lanes: row i of the block is one vector, and every
 * column ends in ascending order. Which rows meet does not depend on the data.
 *
 * <p>Bitonic, for any number of rows: runs of sixteen are sorted in registers, then merged two by
 * two. The first step of a merge compares row i with the row as far from the end of the other run
 * (so that all comparators point the same way and rows beyond the last can be thought of as
 * infinite), the next ones rows at half the distance each; two steps go through memory at a time,
 * the last four happen in registers.
 */
final class SortingNetwork {
  private static final int RUN = 16;

  private SortingNetwork() {}

  /** The rows that a sort of {@code count} rows needs: whole runs. */
  static int padded(int count) {
    return (count + RUN - 1) & -RUN;
  }

  /**
   * Sorts the rows [from, from + count) of {@code block}, {@link VectorLanes#COUNT} ints each. The
   * rows after them, up to {@link #padded}, are overwritten.
   */
  static void sort(int[] block, int from, int count) {
    int rows = padded(count);
    int start = from * COUNT;
    Arrays.fill(block, start + count * COUNT, start + rows * COUNT, Integer.MAX_VALUE);
    for (int row = 0; row < rows; row += RUN) {
      SortingNetwork16.sort(block, start + row * COUNT);
    }
    for (int run = RUN; run < rows; run *= 2) {
      for (int row = 0; row + run < rows; row += 2 * run) {
        merge(block, start + row * COUNT, run, Math.min(2 * run, rows - row));
      }
      for (int row = 0; row < rows; row += RUN) {
        SortingNetwork16.clean(block, start + row * COUNT);
      }
    }
  }

  /** All but the last four steps of merging two runs, of {@code rows} rows together. */
  private static void merge(int[] block, int at, int run, int rows) {
    int distance = run / 2;
    if (rows == 2 * run && distance >= RUN) {
      flipAndHalve(block, at, run);
      distance /= 2;
    } else {
      flip(block, at, run, rows);
    }
    while (distance >= RUN) {
      boolean twice = distance >= 2 * RUN;
      for (int row = 0; row < rows; row += 2 * distance) {
        int left = rows - row;
        if (twice && left >= 2 * distance) {
          halveTwice(block, at + row * COUNT, distance);
        } else {
          halve(block, at + row * COUNT, distance, left);
          for (int half = 0; twice && half < left; half += distance) {
            halve(block, at + (row + half) * COUNT, distance / 2, left - half);
          }
        }
      }
      distance /= twice ? 4 : 2;
    }
  }

  /** Orders the rows i and 2 · run − 1 − i. */
  private static void flip(int[] block, int at, int run, int rows) {
    for (int j = run; j < Math.min(2 * run, rows); j++) {
      int low = at + (2 * run - 1 - j) * COUNT;
      int high = at + j * COUNT;
      IntVector a = IntVector.fromArray(INTS, block, low);
      IntVector b = IntVector.fromArray(INTS, block, high);
      a.min(b).intoArray(block, low);
      a.max(b).intoArray(block, high);
    }
  }

  /** Orders the rows i and i + distance. */
  private static void halve(int[] block, int at, int distance, int rows) {
    for (int j = distance; j < Math.min(2 * distance, rows); j++) {
      int low = at + (j - distance) * COUNT;
      int high = at + j * COUNT;
      IntVector a = IntVector.fromArray(INTS, block, low);
      IntVector b = IntVector.fromArray(INTS, block, high);
      a.min(b).intoArray(block, low);
      a.max(b).intoArray(block, high);
    }
  }

  /** {@link #flip}, then {@link #halve} at half a run, of two whole runs. */
  private static void flipAndHalve(int[] block, int at, int run) {
    int half = run / 2;
    for (int i = 0; i < half; i++) {
      int a = at + i * COUNT;
      int b = a + half * COUNT;
      int c = at + (2 * run - 1 - half - i) * COUNT;
      int d = c + half * COUNT;
      IntVector p = IntVector.fromArray(INTS, block, a);
      IntVector q = IntVector.fromArray(INTS, block, b);
      IntVector r = IntVector.fromArray(INTS, block, c);
      IntVector s = IntVector.fromArray(INTS, block, d);
      IntVector low = p.min(s);
      IntVector high = p.max(s);
      IntVector lower = q.min(r);
      IntVector higher = q.max(r);
      low.min(lower).intoArray(block, a);
      low.max(lower).intoArray(block, b);
      higher.min(high).intoArray(block, c);
      higher.max(high).intoArray(block, d);
    }
  }

  /** {@link #halve} at a distance, then at half of it, of two whole distances. */
  private static void halveTwice(int[] block, int at, int distance) {
    int half = distance / 2;
    for (int i = 0; i < half; i++) {
      int a = at + i * COUNT;
      int b = a + half * COUNT;
      int c = b + half * COUNT;
      int d = c + half * COUNT;
      IntVector p = IntVector.fromArray(INTS, block, a);
      IntVector q = IntVector.fromArray(INTS, block, b);
      IntVector r = IntVector.fromArray(INTS, block, c);
      IntVector s = IntVector.fromArray(INTS, block, d);
      IntVector low = p.min(r);
      IntVector high = p.max(r);
      IntVector lower = q.min(s);
      IntVector higher = q.max(s);
      low.min(lower).intoArray(block, a);
      low.max(lower).intoArray(block, b);
      high.min(higher).intoArray(block, c);
      high.max(higher).intoArray(block, d);
    }
  }
}
