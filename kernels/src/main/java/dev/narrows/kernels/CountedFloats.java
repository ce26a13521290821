package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import dev.narrows.core.dot.FloatEvents;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ClampedFloats} that count: two vectors of columns.
 *
 * <p>Of products and sums the numbers of those not zero, kept (not flushed to zero) and clamped are
 * counted, of steps those with an addend and those that moved; events are differences of these.
 * Columns of padding add nothing to any of them.
 */
final class CountedFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  /** Ints that a tile's counts take: eight counters, one for each lane. */
  static final int COUNTS = 8 * COUNT;

  private CountedFloats() {}

  /** The events in {@code counts} of a tile of {@code columns} columns that are not padding. */
  static FloatEvents events(int[] counts, FloatWays ways, int columns) {
    long kept = -total(counts, 1);
    long joins = ways.joined() ? ways.chunks() : 0;
    return new FloatEvents(
        (long) ways.terms() * columns,
        total(counts, 0) - kept,
        -total(counts, 2),
        (ways.terms() + joins) * columns,
        total(counts, 3) + total(counts, 4),
        -total(counts, 5),
        kept + total(counts, 6) - total(counts, 7));
  }

  private static long total(int[] counts, int counter) {
    long total = 0;
    for (int lane = 0; lane < COUNT; lane++) {
      total += counts[counter * COUNT + lane];
    }
    return total;
  }

  static void tile(
      float[] weights,
      int from,
      FloatWays ways,
      float[] x,
      int base,
      float[] out,
      int to,
      int[] counts) {
    FloatWays.Steps steps = ways.steps();
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    int i = base + ways.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector productKept = IntVector.broadcast(INTS, steps.productKept());
    IntVector productBelow = IntVector.broadcast(INTS, steps.productBelow());
    IntVector productMost = IntVector.broadcast(INTS, steps.productMost());
    IntVector sumBits = IntVector.broadcast(INTS, steps.sumKept());
    IntVector sumBelow = IntVector.broadcast(INTS, steps.sumBelow());
    IntVector sumMost = IntVector.broadcast(INTS, steps.sumMost());
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector one = IntVector.broadcast(INTS, 1);
    FloatVector t0 = zero;
    FloatVector t1 = zero;
    IntVector nzAll = IntVector.zero(INTS);
    IntVector keptAll = IntVector.zero(INTS);
    IntVector overAll = IntVector.zero(INTS);
    IntVector sumNzAll = IntVector.zero(INTS);
    IntVector sumKeptAll = IntVector.zero(INTS);
    IntVector sumOverAll = IntVector.zero(INTS);
    IntVector addendsAll = IntVector.zero(INTS);
    IntVector movedAll = IntVector.zero(INTS);
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      FloatVector r0 = zero;
      FloatVector r1 = zero;
      IntVector nz = IntVector.zero(INTS);
      IntVector kept = IntVector.zero(INTS);
      IntVector over = IntVector.zero(INTS);
      IntVector sumNz = IntVector.zero(INTS);
      IntVector sumKept = IntVector.zero(INTS);
      IntVector sumOver = IntVector.zero(INTS);
      IntVector addends = IntVector.zero(INTS);
      IntVector moved = IntVector.zero(INTS);
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector p0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT).mul(q).reinterpretAsInts();
        IntVector m0 = p0.and(magnitude);
        IntVector v0 = productBelow.sub(m0).lanewise(VectorOperators.ASHR, 31);
        nz = m0.min(one).add(nz);
        kept = v0.add(kept);
        over = productMost.sub(m0).lanewise(VectorOperators.ASHR, 31).add(over);
        IntVector s0 =
            m0.min(productMost)
                .or(p0.and(sign))
                .and(v0.and(productKept))
                .reinterpretAsFloats()
                .add(r0)
                .reinterpretAsInts();
        IntVector n0 = s0.and(magnitude);
        IntVector y0 = sumBelow.sub(n0).lanewise(VectorOperators.ASHR, 31);
        sumNz = n0.min(one).add(sumNz);
        sumKept = y0.add(sumKept);
        sumOver = sumMost.sub(n0).lanewise(VectorOperators.ASHR, 31).add(sumOver);
        FloatVector z0 =
            n0.min(sumMost).or(s0.and(sign)).and(y0.and(sumBits)).reinterpretAsFloats();
        moved = z0.sub(r0).reinterpretAsInts().and(magnitude).min(one).add(moved);
        r0 = z0;
        IntVector p1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT).mul(q).reinterpretAsInts();
        IntVector m1 = p1.and(magnitude);
        IntVector v1 = productBelow.sub(m1).lanewise(VectorOperators.ASHR, 31);
        nz = m1.min(one).add(nz);
        kept = v1.add(kept);
        over = productMost.sub(m1).lanewise(VectorOperators.ASHR, 31).add(over);
        IntVector s1 =
            m1.min(productMost)
                .or(p1.and(sign))
                .and(v1.and(productKept))
                .reinterpretAsFloats()
                .add(r1)
                .reinterpretAsInts();
        IntVector n1 = s1.and(magnitude);
        IntVector y1 = sumBelow.sub(n1).lanewise(VectorOperators.ASHR, 31);
        sumNz = n1.min(one).add(sumNz);
        sumKept = y1.add(sumKept);
        sumOver = sumMost.sub(n1).lanewise(VectorOperators.ASHR, 31).add(sumOver);
        FloatVector z1 =
            n1.min(sumMost).or(s1.and(sign)).and(y1.and(sumBits)).reinterpretAsFloats();
        moved = z1.sub(r1).reinterpretAsInts().and(magnitude).min(one).add(moved);
        r1 = z1;
      }
      FloatVector a0 = zero.add(r0);
      IntVector j0 = a0.add(t0).reinterpretAsInts();
      IntVector h0 = j0.and(magnitude);
      IntVector g0 = sumBelow.sub(h0).lanewise(VectorOperators.ASHR, 31);
      addends = a0.reinterpretAsInts().and(magnitude).min(one).add(addends);
      sumNz = h0.min(one).add(sumNz);
      sumKept = g0.add(sumKept);
      sumOver = sumMost.sub(h0).lanewise(VectorOperators.ASHR, 31).add(sumOver);
      FloatVector e0 = h0.min(sumMost).or(j0.and(sign)).and(g0.and(sumBits)).reinterpretAsFloats();
      moved = e0.sub(t0).reinterpretAsInts().and(magnitude).min(one).add(moved);
      t0 = e0;
      FloatVector a1 = zero.add(r1);
      IntVector j1 = a1.add(t1).reinterpretAsInts();
      IntVector h1 = j1.and(magnitude);
      IntVector g1 = sumBelow.sub(h1).lanewise(VectorOperators.ASHR, 31);
      addends = a1.reinterpretAsInts().and(magnitude).min(one).add(addends);
      sumNz = h1.min(one).add(sumNz);
      sumKept = g1.add(sumKept);
      sumOver = sumMost.sub(h1).lanewise(VectorOperators.ASHR, 31).add(sumOver);
      FloatVector e1 = h1.min(sumMost).or(j1.and(sign)).and(g1.and(sumBits)).reinterpretAsFloats();
      moved = e1.sub(t1).reinterpretAsInts().and(magnitude).min(one).add(moved);
      t1 = e1;
      nzAll = IntVector.zero(INTS).add(nz).add(nzAll);
      keptAll = IntVector.zero(INTS).add(kept).add(keptAll);
      overAll = IntVector.zero(INTS).add(over).add(overAll);
      sumNzAll = IntVector.zero(INTS).add(sumNz).add(sumNzAll);
      sumKeptAll = IntVector.zero(INTS).add(sumKept).add(sumKeptAll);
      sumOverAll = IntVector.zero(INTS).add(sumOver).add(sumOverAll);
      addendsAll = IntVector.zero(INTS).add(addends).add(addendsAll);
      movedAll = IntVector.zero(INTS).add(moved).add(movedAll);
    }
    zero.add(t0).intoArray(out, to + 0 * COUNT);
    zero.add(t1).intoArray(out, to + 1 * COUNT);
    IntVector.zero(INTS).add(nzAll).intoArray(counts, 0 * COUNT);
    IntVector.zero(INTS).add(keptAll).intoArray(counts, 1 * COUNT);
    IntVector.zero(INTS).add(overAll).intoArray(counts, 2 * COUNT);
    IntVector.zero(INTS).add(sumNzAll).intoArray(counts, 3 * COUNT);
    IntVector.zero(INTS).add(sumKeptAll).intoArray(counts, 4 * COUNT);
    IntVector.zero(INTS).add(sumOverAll).intoArray(counts, 5 * COUNT);
    IntVector.zero(INTS).add(addendsAll).intoArray(counts, 6 * COUNT);
    IntVector.zero(INTS).add(movedAll).intoArray(counts, 7 * COUNT);
  }
}
