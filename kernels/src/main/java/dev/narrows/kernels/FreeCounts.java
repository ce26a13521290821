package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The chunks of the registers of four channels and two vectors of columns, counted, where {@link
 * FloatWays#neverClamps} holds.
 *
 * <p>Kept products are counted in lanes. Sums that underflow and sums that moved are counted by the
 * bits of a comparison's mask, which leaves the vector units but one instruction for each. Of both
 * the pure forms are slower. Columns and channels of padding, all zero, add to no count.
 */
final class FreeCounts {
  /** Channels of a tile. */
  static final int CHANNELS = 4;

  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  /**
   * Ints of the counts: kept products, sums that underflowed, steps that moved the register; {@link
   * CountedFloats}: products and sums that were clamped.
   */
  static final int COUNTS = 5;

  private FreeCounts() {}

  /**
   * Walks all chunks, each from a register of zero.
   *
   * @param weights [channels][K] in the sequence of the walk
   * @param from where the first of the four channels begins
   * @param at where the tile's inputs of the first term begin
   * @param sums [chunks][{@link #CHANNELS}][{@link #VECTORS} · lanes]; overwritten
   * @param counts [chunks][{@link #COUNTS}]; overwritten
   */
  static void walk(
      float[] weights, int from, FloatWays ways, float[] x, int at, float[] sums, int[] counts) {
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
    int to = 0;
    for (int k = 0; k < terms; to++) {
      int end = Math.min(terms, k + chunk);
      FloatVector r00 = zero;
      FloatVector r01 = zero;
      FloatVector r10 = zero;
      FloatVector r11 = zero;
      FloatVector r20 = zero;
      FloatVector r21 = zero;
      FloatVector r30 = zero;
      FloatVector r31 = zero;
      IntVector kept = none;
      int underflows = 0;
      int moved = 0;
      for (; k < end; k++, i += step) {
        FloatVector x0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT);
        FloatVector x1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT);
        FloatVector q0 = FloatVector.broadcast(FLOATS, weights[from + 0 * terms + k]);
        FloatVector q1 = FloatVector.broadcast(FLOATS, weights[from + 1 * terms + k]);
        FloatVector q2 = FloatVector.broadcast(FLOATS, weights[from + 2 * terms + k]);
        FloatVector q3 = FloatVector.broadcast(FLOATS, weights[from + 3 * terms + k]);
        IntVector p00 = x0.mul(q0).reinterpretAsInts();
        IntVector m00 = p00.and(magnitude);
        IntVector v00 = productBelow.sub(m00).lanewise(VectorOperators.ASHR, 31);
        IntVector s00 =
            v00.and(p00).and(productKept).reinterpretAsFloats().add(r00).reinterpretAsInts();
        IntVector n00 = s00.and(magnitude);
        IntVector b00 = sumBelow.sub(n00);
        IntVector z00 = b00.lanewise(VectorOperators.ASHR, 31).and(s00).and(sumKept);
        kept = v00.add(kept);
        underflows += b00.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z00.compare(VectorOperators.NE, r00.reinterpretAsInts()).trueCount();
        r00 = z00.reinterpretAsFloats();
        IntVector p10 = x0.mul(q1).reinterpretAsInts();
        IntVector m10 = p10.and(magnitude);
        IntVector v10 = productBelow.sub(m10).lanewise(VectorOperators.ASHR, 31);
        IntVector s10 =
            v10.and(p10).and(productKept).reinterpretAsFloats().add(r10).reinterpretAsInts();
        IntVector n10 = s10.and(magnitude);
        IntVector b10 = sumBelow.sub(n10);
        IntVector z10 = b10.lanewise(VectorOperators.ASHR, 31).and(s10).and(sumKept);
        kept = v10.add(kept);
        underflows += b10.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z10.compare(VectorOperators.NE, r10.reinterpretAsInts()).trueCount();
        r10 = z10.reinterpretAsFloats();
        IntVector p20 = x0.mul(q2).reinterpretAsInts();
        IntVector m20 = p20.and(magnitude);
        IntVector v20 = productBelow.sub(m20).lanewise(VectorOperators.ASHR, 31);
        IntVector s20 =
            v20.and(p20).and(productKept).reinterpretAsFloats().add(r20).reinterpretAsInts();
        IntVector n20 = s20.and(magnitude);
        IntVector b20 = sumBelow.sub(n20);
        IntVector z20 = b20.lanewise(VectorOperators.ASHR, 31).and(s20).and(sumKept);
        kept = v20.add(kept);
        underflows += b20.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z20.compare(VectorOperators.NE, r20.reinterpretAsInts()).trueCount();
        r20 = z20.reinterpretAsFloats();
        IntVector p30 = x0.mul(q3).reinterpretAsInts();
        IntVector m30 = p30.and(magnitude);
        IntVector v30 = productBelow.sub(m30).lanewise(VectorOperators.ASHR, 31);
        IntVector s30 =
            v30.and(p30).and(productKept).reinterpretAsFloats().add(r30).reinterpretAsInts();
        IntVector n30 = s30.and(magnitude);
        IntVector b30 = sumBelow.sub(n30);
        IntVector z30 = b30.lanewise(VectorOperators.ASHR, 31).and(s30).and(sumKept);
        kept = v30.add(kept);
        underflows += b30.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z30.compare(VectorOperators.NE, r30.reinterpretAsInts()).trueCount();
        r30 = z30.reinterpretAsFloats();
        IntVector p01 = x1.mul(q0).reinterpretAsInts();
        IntVector m01 = p01.and(magnitude);
        IntVector v01 = productBelow.sub(m01).lanewise(VectorOperators.ASHR, 31);
        IntVector s01 =
            v01.and(p01).and(productKept).reinterpretAsFloats().add(r01).reinterpretAsInts();
        IntVector n01 = s01.and(magnitude);
        IntVector b01 = sumBelow.sub(n01);
        IntVector z01 = b01.lanewise(VectorOperators.ASHR, 31).and(s01).and(sumKept);
        kept = v01.add(kept);
        underflows += b01.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z01.compare(VectorOperators.NE, r01.reinterpretAsInts()).trueCount();
        r01 = z01.reinterpretAsFloats();
        IntVector p11 = x1.mul(q1).reinterpretAsInts();
        IntVector m11 = p11.and(magnitude);
        IntVector v11 = productBelow.sub(m11).lanewise(VectorOperators.ASHR, 31);
        IntVector s11 =
            v11.and(p11).and(productKept).reinterpretAsFloats().add(r11).reinterpretAsInts();
        IntVector n11 = s11.and(magnitude);
        IntVector b11 = sumBelow.sub(n11);
        IntVector z11 = b11.lanewise(VectorOperators.ASHR, 31).and(s11).and(sumKept);
        kept = v11.add(kept);
        underflows += b11.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z11.compare(VectorOperators.NE, r11.reinterpretAsInts()).trueCount();
        r11 = z11.reinterpretAsFloats();
        IntVector p21 = x1.mul(q2).reinterpretAsInts();
        IntVector m21 = p21.and(magnitude);
        IntVector v21 = productBelow.sub(m21).lanewise(VectorOperators.ASHR, 31);
        IntVector s21 =
            v21.and(p21).and(productKept).reinterpretAsFloats().add(r21).reinterpretAsInts();
        IntVector n21 = s21.and(magnitude);
        IntVector b21 = sumBelow.sub(n21);
        IntVector z21 = b21.lanewise(VectorOperators.ASHR, 31).and(s21).and(sumKept);
        kept = v21.add(kept);
        underflows += b21.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z21.compare(VectorOperators.NE, r21.reinterpretAsInts()).trueCount();
        r21 = z21.reinterpretAsFloats();
        IntVector p31 = x1.mul(q3).reinterpretAsInts();
        IntVector m31 = p31.and(magnitude);
        IntVector v31 = productBelow.sub(m31).lanewise(VectorOperators.ASHR, 31);
        IntVector s31 =
            v31.and(p31).and(productKept).reinterpretAsFloats().add(r31).reinterpretAsInts();
        IntVector n31 = s31.and(magnitude);
        IntVector b31 = sumBelow.sub(n31);
        IntVector z31 = b31.lanewise(VectorOperators.ASHR, 31).and(s31).and(sumKept);
        kept = v31.add(kept);
        underflows += b31.compare(VectorOperators.ULT, sumBelow).trueCount();
        moved += z31.compare(VectorOperators.NE, r31.reinterpretAsInts()).trueCount();
        r31 = z31.reinterpretAsFloats();
      }
      zero.add(r00).intoArray(sums, (to * 8 + 0) * COUNT);
      zero.add(r01).intoArray(sums, (to * 8 + 1) * COUNT);
      zero.add(r10).intoArray(sums, (to * 8 + 2) * COUNT);
      zero.add(r11).intoArray(sums, (to * 8 + 3) * COUNT);
      zero.add(r20).intoArray(sums, (to * 8 + 4) * COUNT);
      zero.add(r21).intoArray(sums, (to * 8 + 5) * COUNT);
      zero.add(r30).intoArray(sums, (to * 8 + 6) * COUNT);
      zero.add(r31).intoArray(sums, (to * 8 + 7) * COUNT);
      counts[to * COUNTS] = -none.add(kept).reduceLanes(VectorOperators.ADD);
      counts[to * COUNTS + 1] = underflows;
      counts[to * COUNTS + 2] = moved;
      counts[to * COUNTS + 3] = 0;
      counts[to * COUNTS + 4] = 0;
    }
  }
}
