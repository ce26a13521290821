package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Floating-point registers of a channel and four vectors of columns. Clamp and truncation are an
 * integer minimum and a mask on |bits|; underflow is the sign of an integer difference, spread over
 * the lane.
 *
 * <p>No loop-carried vector is ever the receiver of a call: its class is not known there, and the
 * compiler puts it on the heap, five times slower. {@link CountedFloats} restarts its counters with
 * every chunk for the same reason.
 */
final class ClampedFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 4;

  private ClampedFloats() {}

  static void tile(
      float[] weights, int from, FloatWays ways, float[] x, int base, float[] out, int to) {
    FloatWays.Steps steps = ways.steps();
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    int i = base + ways.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector productMagnitude = IntVector.broadcast(INTS, steps.productKept() & Integer.MAX_VALUE);
    IntVector productBelow = IntVector.broadcast(INTS, steps.productBelow());
    IntVector productMost = IntVector.broadcast(INTS, steps.productMost());
    IntVector sumMagnitude = IntVector.broadcast(INTS, steps.sumKept() & Integer.MAX_VALUE);
    IntVector sumBelow = IntVector.broadcast(INTS, steps.sumBelow());
    IntVector sumMost = IntVector.broadcast(INTS, steps.sumMost());
    FloatVector t0 = zero;
    FloatVector t1 = zero;
    FloatVector t2 = zero;
    FloatVector t3 = zero;
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      FloatVector r0 = zero;
      FloatVector r1 = zero;
      FloatVector r2 = zero;
      FloatVector r3 = zero;
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector p0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT).mul(q).reinterpretAsInts();
        IntVector m0 = p0.and(productMagnitude);
        IntVector s0 =
            m0.min(productMost)
                .or(p0.and(sign))
                .and(productBelow.sub(m0).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats()
                .add(r0)
                .reinterpretAsInts();
        IntVector n0 = s0.and(sumMagnitude);
        r0 =
            n0.min(sumMost)
                .or(s0.and(sign))
                .and(sumBelow.sub(n0).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats();
        IntVector p1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT).mul(q).reinterpretAsInts();
        IntVector m1 = p1.and(productMagnitude);
        IntVector s1 =
            m1.min(productMost)
                .or(p1.and(sign))
                .and(productBelow.sub(m1).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats()
                .add(r1)
                .reinterpretAsInts();
        IntVector n1 = s1.and(sumMagnitude);
        r1 =
            n1.min(sumMost)
                .or(s1.and(sign))
                .and(sumBelow.sub(n1).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats();
        IntVector p2 = FloatVector.fromArray(FLOATS, x, i + 2 * COUNT).mul(q).reinterpretAsInts();
        IntVector m2 = p2.and(productMagnitude);
        IntVector s2 =
            m2.min(productMost)
                .or(p2.and(sign))
                .and(productBelow.sub(m2).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats()
                .add(r2)
                .reinterpretAsInts();
        IntVector n2 = s2.and(sumMagnitude);
        r2 =
            n2.min(sumMost)
                .or(s2.and(sign))
                .and(sumBelow.sub(n2).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats();
        IntVector p3 = FloatVector.fromArray(FLOATS, x, i + 3 * COUNT).mul(q).reinterpretAsInts();
        IntVector m3 = p3.and(productMagnitude);
        IntVector s3 =
            m3.min(productMost)
                .or(p3.and(sign))
                .and(productBelow.sub(m3).lanewise(VectorOperators.ASHR, 31))
                .reinterpretAsFloats()
                .add(r3)
                .reinterpretAsInts();
        IntVector n3 = s3.and(sumMagnitude);
        r3 =
            n3.min(sumMost)
                .or(s3.and(sign))
                .and(sumBelow.sub(n3).lanewise(VectorOperators.ASHR, 31))
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
    }
    zero.add(t0).intoArray(out, to + 0 * COUNT);
    zero.add(t1).intoArray(out, to + 1 * COUNT);
    zero.add(t2).intoArray(out, to + 2 * COUNT);
    zero.add(t3).intoArray(out, to + 3 * COUNT);
  }
}
