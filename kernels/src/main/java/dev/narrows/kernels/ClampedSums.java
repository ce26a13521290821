package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Whether a sum or join of four channels and two vectors of columns is clamped. The walk leaves the
 * clamps of sums out: it is that of the register up to the first clamp, where it ends.
 */
final class ClampedSums {
  private ClampedSums() {}

  /** As {@link FreeCounts#walk}; no product may be clamped. */
  static boolean any(float[] weights, int from, FloatWays ways, float[] x, int at) {
    FloatWays.Steps steps = ways.steps();
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector productKept = IntVector.broadcast(INTS, steps.productKept());
    IntVector productBelow = IntVector.broadcast(INTS, steps.productBelow());
    IntVector sumKept = IntVector.broadcast(INTS, steps.sumKept());
    IntVector sumBelow = IntVector.broadcast(INTS, steps.sumBelow());
    int i = at;
    FloatVector t00 = zero;
    FloatVector t01 = zero;
    FloatVector t10 = zero;
    FloatVector t11 = zero;
    FloatVector t20 = zero;
    FloatVector t21 = zero;
    FloatVector t30 = zero;
    FloatVector t31 = zero;
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      IntVector most = none;
      FloatVector r00 = zero;
      FloatVector r01 = zero;
      FloatVector r10 = zero;
      FloatVector r11 = zero;
      FloatVector r20 = zero;
      FloatVector r21 = zero;
      FloatVector r30 = zero;
      FloatVector r31 = zero;
      for (; k < end; k++, i += step) {
        FloatVector q0 = FloatVector.broadcast(FLOATS, weights[from + 0 * terms + k]);
        FloatVector q1 = FloatVector.broadcast(FLOATS, weights[from + 1 * terms + k]);
        FloatVector q2 = FloatVector.broadcast(FLOATS, weights[from + 2 * terms + k]);
        FloatVector q3 = FloatVector.broadcast(FLOATS, weights[from + 3 * terms + k]);
        FloatVector x0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT);
        IntVector p00 = x0.mul(q0).reinterpretAsInts();
        IntVector s00 =
            productBelow
                .sub(p00.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p00)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r00)
                .reinterpretAsInts();
        IntVector n00 = s00.and(magnitude);
        most = n00.max(most);
        r00 =
            sumBelow
                .sub(n00)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s00)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p10 = x0.mul(q1).reinterpretAsInts();
        IntVector s10 =
            productBelow
                .sub(p10.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p10)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r10)
                .reinterpretAsInts();
        IntVector n10 = s10.and(magnitude);
        most = n10.max(most);
        r10 =
            sumBelow
                .sub(n10)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s10)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p20 = x0.mul(q2).reinterpretAsInts();
        IntVector s20 =
            productBelow
                .sub(p20.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p20)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r20)
                .reinterpretAsInts();
        IntVector n20 = s20.and(magnitude);
        most = n20.max(most);
        r20 =
            sumBelow
                .sub(n20)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s20)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p30 = x0.mul(q3).reinterpretAsInts();
        IntVector s30 =
            productBelow
                .sub(p30.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p30)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r30)
                .reinterpretAsInts();
        IntVector n30 = s30.and(magnitude);
        most = n30.max(most);
        r30 =
            sumBelow
                .sub(n30)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s30)
                .and(sumKept)
                .reinterpretAsFloats();
        FloatVector x1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT);
        IntVector p01 = x1.mul(q0).reinterpretAsInts();
        IntVector s01 =
            productBelow
                .sub(p01.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p01)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r01)
                .reinterpretAsInts();
        IntVector n01 = s01.and(magnitude);
        most = n01.max(most);
        r01 =
            sumBelow
                .sub(n01)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s01)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p11 = x1.mul(q1).reinterpretAsInts();
        IntVector s11 =
            productBelow
                .sub(p11.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p11)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r11)
                .reinterpretAsInts();
        IntVector n11 = s11.and(magnitude);
        most = n11.max(most);
        r11 =
            sumBelow
                .sub(n11)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s11)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p21 = x1.mul(q2).reinterpretAsInts();
        IntVector s21 =
            productBelow
                .sub(p21.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p21)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r21)
                .reinterpretAsInts();
        IntVector n21 = s21.and(magnitude);
        most = n21.max(most);
        r21 =
            sumBelow
                .sub(n21)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s21)
                .and(sumKept)
                .reinterpretAsFloats();
        IntVector p31 = x1.mul(q3).reinterpretAsInts();
        IntVector s31 =
            productBelow
                .sub(p31.and(magnitude))
                .lanewise(VectorOperators.ASHR, 31)
                .and(p31)
                .and(productKept)
                .reinterpretAsFloats()
                .add(r31)
                .reinterpretAsInts();
        IntVector n31 = s31.and(magnitude);
        most = n31.max(most);
        r31 =
            sumBelow
                .sub(n31)
                .lanewise(VectorOperators.ASHR, 31)
                .and(s31)
                .and(sumKept)
                .reinterpretAsFloats();
      }
      IntVector j00 = zero.add(r00).add(t00).reinterpretAsInts();
      IntVector h00 = j00.and(magnitude);
      most = h00.max(most);
      t00 =
          sumBelow
              .sub(h00)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j00)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j01 = zero.add(r01).add(t01).reinterpretAsInts();
      IntVector h01 = j01.and(magnitude);
      most = h01.max(most);
      t01 =
          sumBelow
              .sub(h01)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j01)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j10 = zero.add(r10).add(t10).reinterpretAsInts();
      IntVector h10 = j10.and(magnitude);
      most = h10.max(most);
      t10 =
          sumBelow
              .sub(h10)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j10)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j11 = zero.add(r11).add(t11).reinterpretAsInts();
      IntVector h11 = j11.and(magnitude);
      most = h11.max(most);
      t11 =
          sumBelow
              .sub(h11)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j11)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j20 = zero.add(r20).add(t20).reinterpretAsInts();
      IntVector h20 = j20.and(magnitude);
      most = h20.max(most);
      t20 =
          sumBelow
              .sub(h20)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j20)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j21 = zero.add(r21).add(t21).reinterpretAsInts();
      IntVector h21 = j21.and(magnitude);
      most = h21.max(most);
      t21 =
          sumBelow
              .sub(h21)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j21)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j30 = zero.add(r30).add(t30).reinterpretAsInts();
      IntVector h30 = j30.and(magnitude);
      most = h30.max(most);
      t30 =
          sumBelow
              .sub(h30)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j30)
              .and(sumKept)
              .reinterpretAsFloats();
      IntVector j31 = zero.add(r31).add(t31).reinterpretAsInts();
      IntVector h31 = j31.and(magnitude);
      most = h31.max(most);
      t31 =
          sumBelow
              .sub(h31)
              .lanewise(VectorOperators.ASHR, 31)
              .and(j31)
              .and(sumKept)
              .reinterpretAsFloats();
      if (none.add(most).reduceLanes(VectorOperators.MAX) > steps.sumMost()) {
        return true;
      }
    }
    return false;
  }
}
