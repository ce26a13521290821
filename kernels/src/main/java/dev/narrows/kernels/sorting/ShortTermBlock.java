package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.INTS;
import static dev.narrows.kernels.lanes.VectorLanes.SHORTS;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** {@link TermBlock} of terms that fit 16 bits. */
final class ShortTermBlock {
  private static final int LANES = ShortSortingNetwork.LANES;

  private ShortTermBlock() {}

  /** A row of products of a weight with neighbouring columns. */
  static void product(short[] block, int to, short q, short[] x, int from) {
    ShortVector.fromArray(SHORTS, x, from).mul(q).intoArray(block, to);
  }

  /** The same for any columns. */
  static void product(short[] block, int to, short q, short[] x, int row, int[] places) {
    for (int lane = 0; lane < LANES; lane++) {
      block[to + lane] = (short) (q * x[row + places[lane]]);
    }
  }

  /**
   * Adds the rows to registers of [low, high] that clip.
   *
   * @param half the first of the lanes that are added, as many as there are of ints
   */
  static void clip(short[] block, int from, int count, int half, int[] held, int low, int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
    IntVector register = IntVector.fromArray(INTS, held, half);
    int part = half == 0 ? 0 : 1;
    for (int i = from; i < from + count; i++) {
      IntVector term =
          (IntVector)
              ShortVector.fromArray(SHORTS, block, i * LANES)
                  .convertShape(VectorOperators.S2I, INTS, part);
      register = term.add(register).max(least).min(most);
    }
    register.intoArray(held, half);
  }

  /** Adds the rows exactly; the folds of what is held on the way are ORed into {@code folds}. */
  static void trace(short[] block, int from, int count, int half, int[] held, int[] folds) {
    IntVector writes = IntVector.fromArray(INTS, folds, half);
    IntVector register = IntVector.fromArray(INTS, held, half);
    int part = half == 0 ? 0 : 1;
    for (int i = from; i < from + count; i++) {
      IntVector term =
          (IntVector)
              ShortVector.fromArray(SHORTS, block, i * LANES)
                  .convertShape(VectorOperators.S2I, INTS, part);
      register = term.add(register);
      writes =
          writes.or(
              register.lanewise(VectorOperators.XOR, register.lanewise(VectorOperators.ASHR, 31)));
    }
    register.intoArray(held, half);
    writes.intoArray(folds, half);
  }
}
