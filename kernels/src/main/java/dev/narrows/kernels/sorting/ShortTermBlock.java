package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.INTS;
import static dev.narrows.kernels.lanes.VectorLanes.SHORTS;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
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

  /** One round of pairing, in place, as {@link TermBlock#pair} does it. */
  static boolean pair(short[] block, int from, int count, short low, short high, short[] folds) {
    ShortVector zero = ShortVector.zero(SHORTS);
    ShortVector writes = ShortVector.fromArray(SHORTS, folds, 0);
    VectorMask<Short> any = SHORTS.maskAll(false);
    for (int i = 0, j = count - 1; i < j; i++, j--) {
      ShortVector a = ShortVector.fromArray(SHORTS, block, (from + i) * LANES);
      ShortVector b = ShortVector.fromArray(SHORTS, block, (from + j) * LANES);
      VectorMask<Short> both = a.lt((short) 0).and(b.compare(VectorOperators.GT, (short) 0));
      ShortVector sum = a.min(zero).add(b.max(zero));
      ShortVector held = sum.blend(sum.max(low).min(high), both);
      held.intoArray(block, (from + i) * LANES);
      b.min(zero).add(a.max(zero)).intoArray(block, (from + j) * LANES);
      ShortVector fold = sum.lanewise(VectorOperators.XOR, sum.lanewise(VectorOperators.ASHR, 15));
      writes = writes.or(zero.blend(fold, both));
      any = any.or(both);
    }
    writes.intoArray(folds, 0);
    return any.anyTrue();
  }

  /** The number of rows without the all-zero ones at the end. */
  static int trim(short[] block, int from, int count) {
    int left = count;
    while (left > 0
        && ShortVector.fromArray(SHORTS, block, (from + left - 1) * LANES)
            .compare(VectorOperators.EQ, (short) 0)
            .allTrue()) {
      left--;
    }
    return left;
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
