package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Adds the sums of the chunks to totals, by counted steps like any other; four vectors. */
final class FloatJoins {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 4;

  private FloatJoins() {}

  /**
   * Leaves the totals in the place of the first sums.
   *
   * @param to where the first sums begin
   * @param stride from one chunk's sums to the next one's
   * @param events sums that underflowed, sums clamped, addends that are not zero, steps that moved;
   *     added to
   */
  static void join(FloatWays ways, float[] sums, int to, int stride, long[] events) {
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector sumKept = IntVector.broadcast(INTS, ways.steps().sumKept());
    IntVector below = IntVector.broadcast(INTS, ways.steps().sumBelow());
    IntVector most = IntVector.broadcast(INTS, ways.steps().sumMost());
    IntVector one = IntVector.broadcast(INTS, 1);
    IntVector none = IntVector.zero(INTS);
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector overflows = none;
    IntVector addends = none;
    int underflows = 0;
    int moved = 0;
    int end = to + ways.chunks() * stride;
    FloatVector t0 = zero;
    FloatVector t1 = zero;
    FloatVector t2 = zero;
    FloatVector t3 = zero;
    for (int i = to; i < end; i += stride) {
      FloatVector r0 = FloatVector.fromArray(FLOATS, sums, i + 0 * COUNT);
      IntVector s0 = r0.add(t0).reinterpretAsInts();
      IntVector n0 = s0.and(magnitude);
      IntVector b0 = below.sub(n0);
      IntVector z0 =
          n0.min(most).or(s0.and(sign)).and(b0.lanewise(VectorOperators.ASHR, 31).and(sumKept));
      overflows = most.sub(n0).lanewise(VectorOperators.ASHR, 31).add(overflows);
      addends = r0.reinterpretAsInts().and(magnitude).min(one).add(addends);
      underflows += b0.compare(VectorOperators.ULT, below).trueCount();
      moved += z0.compare(VectorOperators.NE, t0.reinterpretAsInts()).trueCount();
      t0 = z0.reinterpretAsFloats();
      FloatVector r1 = FloatVector.fromArray(FLOATS, sums, i + 1 * COUNT);
      IntVector s1 = r1.add(t1).reinterpretAsInts();
      IntVector n1 = s1.and(magnitude);
      IntVector b1 = below.sub(n1);
      IntVector z1 =
          n1.min(most).or(s1.and(sign)).and(b1.lanewise(VectorOperators.ASHR, 31).and(sumKept));
      overflows = most.sub(n1).lanewise(VectorOperators.ASHR, 31).add(overflows);
      addends = r1.reinterpretAsInts().and(magnitude).min(one).add(addends);
      underflows += b1.compare(VectorOperators.ULT, below).trueCount();
      moved += z1.compare(VectorOperators.NE, t1.reinterpretAsInts()).trueCount();
      t1 = z1.reinterpretAsFloats();
      FloatVector r2 = FloatVector.fromArray(FLOATS, sums, i + 2 * COUNT);
      IntVector s2 = r2.add(t2).reinterpretAsInts();
      IntVector n2 = s2.and(magnitude);
      IntVector b2 = below.sub(n2);
      IntVector z2 =
          n2.min(most).or(s2.and(sign)).and(b2.lanewise(VectorOperators.ASHR, 31).and(sumKept));
      overflows = most.sub(n2).lanewise(VectorOperators.ASHR, 31).add(overflows);
      addends = r2.reinterpretAsInts().and(magnitude).min(one).add(addends);
      underflows += b2.compare(VectorOperators.ULT, below).trueCount();
      moved += z2.compare(VectorOperators.NE, t2.reinterpretAsInts()).trueCount();
      t2 = z2.reinterpretAsFloats();
      FloatVector r3 = FloatVector.fromArray(FLOATS, sums, i + 3 * COUNT);
      IntVector s3 = r3.add(t3).reinterpretAsInts();
      IntVector n3 = s3.and(magnitude);
      IntVector b3 = below.sub(n3);
      IntVector z3 =
          n3.min(most).or(s3.and(sign)).and(b3.lanewise(VectorOperators.ASHR, 31).and(sumKept));
      overflows = most.sub(n3).lanewise(VectorOperators.ASHR, 31).add(overflows);
      addends = r3.reinterpretAsInts().and(magnitude).min(one).add(addends);
      underflows += b3.compare(VectorOperators.ULT, below).trueCount();
      moved += z3.compare(VectorOperators.NE, t3.reinterpretAsInts()).trueCount();
      t3 = z3.reinterpretAsFloats();
    }
    zero.add(t0).intoArray(sums, to + 0 * COUNT);
    zero.add(t1).intoArray(sums, to + 1 * COUNT);
    zero.add(t2).intoArray(sums, to + 2 * COUNT);
    zero.add(t3).intoArray(sums, to + 3 * COUNT);
    events[0] += underflows;
    events[1] -= none.add(overflows).reduceLanes(VectorOperators.ADD);
    events[2] += none.add(addends).reduceLanes(VectorOperators.ADD);
    events[3] += moved;
  }
}
