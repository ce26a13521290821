package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops over a block of terms: row i is one vector, one lane per dot product. Every method is
 * one loop whose vectors stay in registers.
 */
final class TermBlock {
  private TermBlock() {}

  /**
   * Row {@code row + i} becomes q[from + i] · x[k[from + i]], of the columns from {@code column}
   * on.
   */
  static void products(
      int[] block, int row, int[] q, int[] k, int from, int to, int[] x, int stride, int column) {
    for (int i = from; i < to; i++) {
      IntVector.fromArray(INTS, x, k[i] * stride + column)
          .mul(q[i])
          .intoArray(block, (row + i - from) * COUNT);
    }
  }

  /** The same for any columns, one per lane. */
  static void products(
      int[] block,
      int row,
      int[] q,
      int[] k,
      int from,
      int to,
      int[] x,
      int stride,
      int[] columns) {
    for (int i = from; i < to; i++) {
      int source = k[i] * stride;
      int at = (row + i - from) * COUNT;
      for (int lane = 0; lane < COUNT; lane++) {
        block[at + lane] = q[i] * x[source + columns[lane]];
      }
    }
  }

  /** Each term t of row i becomes |t| · 2^shift + 2i + (t &lt; 0): keys that sort by magnitude. */
  static void toKeys(int[] block, int count, int shift) {
    for (int i = 0; i < count; i++) {
      IntVector t = IntVector.fromArray(INTS, block, i * COUNT);
      t.abs()
          .lanewise(VectorOperators.LSHL, shift)
          .add(2 * i)
          .sub(t.lanewise(VectorOperators.ASHR, 31))
          .intoArray(block, i * COUNT);
    }
  }

  /** Undoes {@link #toKeys}, wherever the rows have gone. */
  static void toTerms(int[] block, int count, int shift) {
    for (int i = 0; i < count; i++) {
      IntVector key = IntVector.fromArray(INTS, block, i * COUNT);
      IntVector magnitude = key.lanewise(VectorOperators.LSHR, shift);
      IntVector minus = key.lanewise(VectorOperators.LSHL, 31).lanewise(VectorOperators.ASHR, 31);
      magnitude.lanewise(VectorOperators.XOR, minus).sub(minus).intoArray(block, i * COUNT);
    }
  }

  /** Adds the rows to registers of [low, high] that clip. */
  static void clip(int[] block, int from, int count, int[] held, int low, int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
    IntVector register = IntVector.fromArray(INTS, held, 0);
    for (int i = from; i < from + count; i++) {
      register = IntVector.fromArray(INTS, block, i * COUNT).add(register).max(least).min(most);
    }
    register.intoArray(held, 0);
  }

  /** Adds the rows exactly; the folds of what is held on the way are ORed into {@code folds}. */
  static void trace(int[] block, int from, int count, int[] held, int[] folds) {
    IntVector writes = IntVector.fromArray(INTS, folds, 0);
    IntVector register = IntVector.fromArray(INTS, held, 0);
    for (int i = from; i < from + count; i++) {
      register = IntVector.fromArray(INTS, block, i * COUNT).add(register);
      writes =
          writes.or(
              register.lanewise(VectorOperators.XOR, register.lanewise(VectorOperators.ASHR, 31)));
    }
    register.intoArray(held, 0);
    writes.intoArray(folds, 0);
  }
}
