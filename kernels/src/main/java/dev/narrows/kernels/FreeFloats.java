package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ClampedFloats} where {@link FloatWays#neverClamps} holds: eight vectors of columns, and
 * clamps at the joins alone.
 */
final class FreeFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 8;

  private FreeFloats() {}

  static void tile(
      float[] weights, int from, FloatWays ways, float[] x, int base, float[] out, int to) {
    FloatWays.Steps steps = ways.steps();
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    int i = base + ways.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector productKept = IntVector.broadcast(INTS, steps.productKept());
    IntVector productBelow = IntVector.broadcast(INTS, steps.productBelow());
    IntVector sumKept = IntVector.broadcast(INTS, steps.sumKept());
    IntVector sumMagnitude = IntVector.broadcast(INTS, steps.sumKept() & Integer.MAX_VALUE);
    IntVector sumBelow = IntVector.broadcast(INTS, steps.sumBelow());
    IntVector sumMost = IntVector.broadcast(INTS, steps.sumMost());
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    FloatVector t0 = zero;
    FloatVector t1 = zero;
    FloatVector t2 = zero;
    FloatVector t3 = zero;
    FloatVector t4 = zero;
    FloatVector t5 = zero;
    FloatVector t6 = zero;
    FloatVector t7 = zero;
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      FloatVector r0 = zero;
      FloatVector r1 = zero;
      FloatVector r2 = zero;
      FloatVector r3 = zero;
      FloatVector r4 = zero;
      FloatVector r5 = zero;
      FloatVector r6 = zero;
      FloatVector r7 = zero;
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector p0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT).mul(q).reinterpretAsInts();
        IntVector s0 =
            productBelow
                .sub(p0.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p0)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r0)
                .reinterpretAsInts();
        r0 =
            sumBelow
                .sub(s0.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s0)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT).mul(q).reinterpretAsInts();
        IntVector s1 =
            productBelow
                .sub(p1.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p1)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r1)
                .reinterpretAsInts();
        r1 =
            sumBelow
                .sub(s1.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s1)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p2 = FloatVector.fromArray(FLOATS, x, i + 2 * COUNT).mul(q).reinterpretAsInts();
        IntVector s2 =
            productBelow
                .sub(p2.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p2)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r2)
                .reinterpretAsInts();
        r2 =
            sumBelow
                .sub(s2.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s2)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p3 = FloatVector.fromArray(FLOATS, x, i + 3 * COUNT).mul(q).reinterpretAsInts();
        IntVector s3 =
            productBelow
                .sub(p3.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p3)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r3)
                .reinterpretAsInts();
        r3 =
            sumBelow
                .sub(s3.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s3)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p4 = FloatVector.fromArray(FLOATS, x, i + 4 * COUNT).mul(q).reinterpretAsInts();
        IntVector s4 =
            productBelow
                .sub(p4.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p4)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r4)
                .reinterpretAsInts();
        r4 =
            sumBelow
                .sub(s4.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s4)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p5 = FloatVector.fromArray(FLOATS, x, i + 5 * COUNT).mul(q).reinterpretAsInts();
        IntVector s5 =
            productBelow
                .sub(p5.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p5)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r5)
                .reinterpretAsInts();
        r5 =
            sumBelow
                .sub(s5.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s5)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p6 = FloatVector.fromArray(FLOATS, x, i + 6 * COUNT).mul(q).reinterpretAsInts();
        IntVector s6 =
            productBelow
                .sub(p6.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p6)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r6)
                .reinterpretAsInts();
        r6 =
            sumBelow
                .sub(s6.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s6)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p7 = FloatVector.fromArray(FLOATS, x, i + 7 * COUNT).mul(q).reinterpretAsInts();
        IntVector s7 =
            productBelow
                .sub(p7.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p7)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r7)
                .reinterpretAsInts();
        r7 =
            sumBelow
                .sub(s7.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(s7)
                .and(sumKept)
                .reinterpretAsFloats();
      }
      IntVector j0 = zero.add(r0).add(t0).reinterpretAsInts();
      IntVector h0 = j0.and(sumMagnitude);
      t0 =
          h0.min(sumMost)
              .or(j0.and(sign))
              .and(sumBelow.sub(h0).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j1 = zero.add(r1).add(t1).reinterpretAsInts();
      IntVector h1 = j1.and(sumMagnitude);
      t1 =
          h1.min(sumMost)
              .or(j1.and(sign))
              .and(sumBelow.sub(h1).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j2 = zero.add(r2).add(t2).reinterpretAsInts();
      IntVector h2 = j2.and(sumMagnitude);
      t2 =
          h2.min(sumMost)
              .or(j2.and(sign))
              .and(sumBelow.sub(h2).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j3 = zero.add(r3).add(t3).reinterpretAsInts();
      IntVector h3 = j3.and(sumMagnitude);
      t3 =
          h3.min(sumMost)
              .or(j3.and(sign))
              .and(sumBelow.sub(h3).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j4 = zero.add(r4).add(t4).reinterpretAsInts();
      IntVector h4 = j4.and(sumMagnitude);
      t4 =
          h4.min(sumMost)
              .or(j4.and(sign))
              .and(sumBelow.sub(h4).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j5 = zero.add(r5).add(t5).reinterpretAsInts();
      IntVector h5 = j5.and(sumMagnitude);
      t5 =
          h5.min(sumMost)
              .or(j5.and(sign))
              .and(sumBelow.sub(h5).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j6 = zero.add(r6).add(t6).reinterpretAsInts();
      IntVector h6 = j6.and(sumMagnitude);
      t6 =
          h6.min(sumMost)
              .or(j6.and(sign))
              .and(sumBelow.sub(h6).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
      IntVector j7 = zero.add(r7).add(t7).reinterpretAsInts();
      IntVector h7 = j7.and(sumMagnitude);
      t7 =
          h7.min(sumMost)
              .or(j7.and(sign))
              .and(sumBelow.sub(h7).lanewise(VectorOperators.ASHR, 31))
              .reinterpretAsFloats();
    }
    zero.add(t0).intoArray(out, to + 0 * COUNT);
    zero.add(t1).intoArray(out, to + 1 * COUNT);
    zero.add(t2).intoArray(out, to + 2 * COUNT);
    zero.add(t3).intoArray(out, to + 3 * COUNT);
    zero.add(t4).intoArray(out, to + 4 * COUNT);
    zero.add(t5).intoArray(out, to + 5 * COUNT);
    zero.add(t6).intoArray(out, to + 6 * COUNT);
    zero.add(t7).intoArray(out, to + 7 * COUNT);
  }
}
