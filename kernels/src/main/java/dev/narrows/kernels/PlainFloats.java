package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/** Binary32 products with nothing to simulate, of four rows and four vectors: for gradients. */
final class PlainFloats {
  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Columns of a tile; a divisor of {@link Lanes#PANEL}. */
  static final int WIDTH = 4 * COUNT;

  private PlainFloats() {}

  /**
   * Adds Σ_n a(r, n) · b(n, v) to out(r, v).
   *
   * @param at where a(0, 0) stands
   * @param aRow from a row to the next
   * @param aTerm from a term to the next
   * @param from where b(0, 0) stands
   * @param bTerm from a term to the next
   */
  static void add(
      float[] a,
      int at,
      int aRow,
      int aTerm,
      float[] b,
      int from,
      int bTerm,
      int terms,
      float[] out,
      int to,
      int stride) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector r00 = zero;
    FloatVector r01 = zero;
    FloatVector r02 = zero;
    FloatVector r03 = zero;
    FloatVector r10 = zero;
    FloatVector r11 = zero;
    FloatVector r12 = zero;
    FloatVector r13 = zero;
    FloatVector r20 = zero;
    FloatVector r21 = zero;
    FloatVector r22 = zero;
    FloatVector r23 = zero;
    FloatVector r30 = zero;
    FloatVector r31 = zero;
    FloatVector r32 = zero;
    FloatVector r33 = zero;
    for (int n = 0; n < terms; n++) {
      int i = at + n * aTerm;
      int j = from + n * bTerm;
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, j + 0 * COUNT);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, j + 1 * COUNT);
      FloatVector b2 = FloatVector.fromArray(FLOATS, b, j + 2 * COUNT);
      FloatVector b3 = FloatVector.fromArray(FLOATS, b, j + 3 * COUNT);
      FloatVector a0 = FloatVector.broadcast(FLOATS, a[i + 0 * aRow]);
      r00 = b0.fma(a0, r00);
      r01 = b1.fma(a0, r01);
      r02 = b2.fma(a0, r02);
      r03 = b3.fma(a0, r03);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a[i + 1 * aRow]);
      r10 = b0.fma(a1, r10);
      r11 = b1.fma(a1, r11);
      r12 = b2.fma(a1, r12);
      r13 = b3.fma(a1, r13);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a[i + 2 * aRow]);
      r20 = b0.fma(a2, r20);
      r21 = b1.fma(a2, r21);
      r22 = b2.fma(a2, r22);
      r23 = b3.fma(a2, r23);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a[i + 3 * aRow]);
      r30 = b0.fma(a3, r30);
      r31 = b1.fma(a3, r31);
      r32 = b2.fma(a3, r32);
      r33 = b3.fma(a3, r33);
    }
    FloatVector.fromArray(FLOATS, out, to + 0 * stride + 0 * COUNT)
        .add(r00)
        .intoArray(out, to + 0 * stride + 0 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 0 * stride + 1 * COUNT)
        .add(r01)
        .intoArray(out, to + 0 * stride + 1 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 0 * stride + 2 * COUNT)
        .add(r02)
        .intoArray(out, to + 0 * stride + 2 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 0 * stride + 3 * COUNT)
        .add(r03)
        .intoArray(out, to + 0 * stride + 3 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 1 * stride + 0 * COUNT)
        .add(r10)
        .intoArray(out, to + 1 * stride + 0 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 1 * stride + 1 * COUNT)
        .add(r11)
        .intoArray(out, to + 1 * stride + 1 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 1 * stride + 2 * COUNT)
        .add(r12)
        .intoArray(out, to + 1 * stride + 2 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 1 * stride + 3 * COUNT)
        .add(r13)
        .intoArray(out, to + 1 * stride + 3 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 2 * stride + 0 * COUNT)
        .add(r20)
        .intoArray(out, to + 2 * stride + 0 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 2 * stride + 1 * COUNT)
        .add(r21)
        .intoArray(out, to + 2 * stride + 1 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 2 * stride + 2 * COUNT)
        .add(r22)
        .intoArray(out, to + 2 * stride + 2 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 2 * stride + 3 * COUNT)
        .add(r23)
        .intoArray(out, to + 2 * stride + 3 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 3 * stride + 0 * COUNT)
        .add(r30)
        .intoArray(out, to + 3 * stride + 0 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 3 * stride + 1 * COUNT)
        .add(r31)
        .intoArray(out, to + 3 * stride + 1 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 3 * stride + 2 * COUNT)
        .add(r32)
        .intoArray(out, to + 3 * stride + 2 * COUNT);
    FloatVector.fromArray(FLOATS, out, to + 3 * stride + 3 * COUNT)
        .add(r33)
        .intoArray(out, to + 3 * stride + 3 * COUNT);
  }
}
