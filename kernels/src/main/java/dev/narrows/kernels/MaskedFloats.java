package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import dev.narrows.core.dot.GradientMask;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The backward pass of a channel and two vectors of columns: {@link #walk} repeats the forward walk
 * and notes which products' gradients are cut; {@link #add} adds those that pass.
 *
 * <p>What a step cuts at once is a word for each term. What it cuts recursively is one number for
 * each chunk: every term up to the last clamped sum, and every chunk up to the last clamped join.
 */
final class MaskedFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  private MaskedFloats() {}

  /**
   * What is cut: each −1 or 0.
   *
   * @param byProduct a term whose product was clamped
   * @param bySum a term whose sum was clamped
   * @param byMove a term that moved the register by less than epsilon of its product
   * @param recursive a term before a clamped sum or join on its path
   */
  record Cuts(int byProduct, int bySum, int byMove, int recursive, float epsilon) {
    static Cuts of(Set<GradientMask> masks, float epsilon) {
      boolean immediate = masks.contains(GradientMask.IMMEDIATE_OF);
      boolean recursive = masks.contains(GradientMask.RECURSIVE_OF);
      return new Cuts(
          immediate || recursive ? -1 : 0,
          immediate ? -1 : 0,
          masks.contains(GradientMask.IMMEDIATE_DIFF) ? -1 : 0,
          recursive ? -1 : 0,
          epsilon);
    }
  }

  /**
   * Walks forward.
   *
   * @param cut [K][{@link #VECTORS} · lanes]: −1 where the gradient is cut at once; overwritten
   * @param last [chunks + 1][{@link #VECTORS} · lanes]: of each chunk the number of terms up to its
   *     last clamped sum, then the number of chunks up to the last clamped join; overwritten
   */
  static void walk(
      float[] weights,
      int from,
      FloatWays ways,
      float[] x,
      int base,
      Cuts cuts,
      int[] cut,
      int[] last) {
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
    IntVector byProduct = IntVector.broadcast(INTS, cuts.byProduct());
    IntVector bySum = IntVector.broadcast(INTS, cuts.bySum());
    IntVector byMove = IntVector.broadcast(INTS, cuts.byMove());
    FloatVector epsilon = FloatVector.broadcast(FLOATS, cuts.epsilon());
    FloatVector t0 = zero;
    IntVector f0 = IntVector.zero(INTS);
    FloatVector t1 = zero;
    IntVector f1 = IntVector.zero(INTS);
    int c = 0;
    for (int k = 0; k < terms; c++) {
      int end = Math.min(terms, k + chunk);
      FloatVector r0 = zero;
      IntVector l0 = IntVector.zero(INTS);
      FloatVector r1 = zero;
      IntVector l1 = IntVector.zero(INTS);
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector next = IntVector.broadcast(INTS, k + 1);
        FloatVector w0 = FloatVector.fromArray(FLOATS, x, i + 0 * COUNT).mul(q);
        IntVector p0 = w0.reinterpretAsInts();
        IntVector m0 = p0.and(magnitude);
        IntVector s0 =
            m0.min(productMost)
                .or(p0.and(sign))
                .and(productBelow.sub(m0).lanewise(VectorOperators.ASHR, 31).and(productKept))
                .reinterpretAsFloats()
                .add(r0)
                .reinterpretAsInts();
        IntVector n0 = s0.and(magnitude);
        FloatVector z0 =
            n0.min(sumMost)
                .or(s0.and(sign))
                .and(sumBelow.sub(n0).lanewise(VectorOperators.ASHR, 31).and(sumBits))
                .reinterpretAsFloats();
        IntVector v0 = sumMost.sub(n0).lanewise(VectorOperators.ASHR, 31);
        l0 = v0.and(next).max(l0);
        IntVector d0 =
            z0.sub(r0)
                .reinterpretAsInts()
                .and(magnitude)
                .reinterpretAsFloats()
                .sub(epsilon.mul(m0.reinterpretAsFloats()))
                .reinterpretAsInts()
                .lanewise(VectorOperators.ASHR, 31);
        productMost
            .sub(m0)
            .lanewise(VectorOperators.ASHR, 31)
            .and(byProduct)
            .or(v0.and(bySum))
            .or(d0.and(byMove))
            .intoArray(cut, (k * VECTORS + 0) * COUNT);
        r0 = z0;
        FloatVector w1 = FloatVector.fromArray(FLOATS, x, i + 1 * COUNT).mul(q);
        IntVector p1 = w1.reinterpretAsInts();
        IntVector m1 = p1.and(magnitude);
        IntVector s1 =
            m1.min(productMost)
                .or(p1.and(sign))
                .and(productBelow.sub(m1).lanewise(VectorOperators.ASHR, 31).and(productKept))
                .reinterpretAsFloats()
                .add(r1)
                .reinterpretAsInts();
        IntVector n1 = s1.and(magnitude);
        FloatVector z1 =
            n1.min(sumMost)
                .or(s1.and(sign))
                .and(sumBelow.sub(n1).lanewise(VectorOperators.ASHR, 31).and(sumBits))
                .reinterpretAsFloats();
        IntVector v1 = sumMost.sub(n1).lanewise(VectorOperators.ASHR, 31);
        l1 = v1.and(next).max(l1);
        IntVector d1 =
            z1.sub(r1)
                .reinterpretAsInts()
                .and(magnitude)
                .reinterpretAsFloats()
                .sub(epsilon.mul(m1.reinterpretAsFloats()))
                .reinterpretAsInts()
                .lanewise(VectorOperators.ASHR, 31);
        productMost
            .sub(m1)
            .lanewise(VectorOperators.ASHR, 31)
            .and(byProduct)
            .or(v1.and(bySum))
            .or(d1.and(byMove))
            .intoArray(cut, (k * VECTORS + 1) * COUNT);
        r1 = z1;
      }
      IntVector following = IntVector.broadcast(INTS, c + 1);
      IntVector.zero(INTS).add(l0).intoArray(last, (c * VECTORS + 0) * COUNT);
      IntVector j0 = zero.add(r0).add(t0).reinterpretAsInts();
      IntVector h0 = j0.and(magnitude);
      t0 =
          h0.min(sumMost)
              .or(j0.and(sign))
              .and(sumBelow.sub(h0).lanewise(VectorOperators.ASHR, 31).and(sumBits))
              .reinterpretAsFloats();
      f0 = sumMost.sub(h0).lanewise(VectorOperators.ASHR, 31).and(following).max(f0);
      IntVector.zero(INTS).add(l1).intoArray(last, (c * VECTORS + 1) * COUNT);
      IntVector j1 = zero.add(r1).add(t1).reinterpretAsInts();
      IntVector h1 = j1.and(magnitude);
      t1 =
          h1.min(sumMost)
              .or(j1.and(sign))
              .and(sumBelow.sub(h1).lanewise(VectorOperators.ASHR, 31).and(sumBits))
              .reinterpretAsFloats();
      f1 = sumMost.sub(h1).lanewise(VectorOperators.ASHR, 31).and(following).max(f1);
    }
    IntVector.zero(INTS).add(f0).intoArray(last, (c * VECTORS + 0) * COUNT);
    IntVector.zero(INTS).add(f1).intoArray(last, (c * VECTORS + 1) * COUNT);
  }

  /**
   * Adds the gradients that pass.
   *
   * @param base where the panel begins in {@code x}
   * @param column where the tile begins in the panel
   * @param g gradients of the panel's outputs
   * @param inputGradients [K][{@link Lanes#PANEL}] of the panel; added to
   * @param weightGradients [K][lanes] in the sequence of the walk; added to
   */
  static void add(
      float[] weights,
      int from,
      FloatWays ways,
      float[] x,
      int base,
      int column,
      Cuts cuts,
      int[] cut,
      int[] last,
      float[] g,
      float[] inputGradients,
      float[] weightGradients) {
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    int i = column + ways.first();
    int joins = ways.chunks() * VECTORS * COUNT;
    IntVector all = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector recursive = IntVector.broadcast(INTS, cuts.recursive());
    IntVector g0 = FloatVector.fromArray(FLOATS, g, column + 0 * COUNT).reinterpretAsInts();
    IntVector f0 = IntVector.fromArray(INTS, last, joins + 0 * COUNT);
    IntVector g1 = FloatVector.fromArray(FLOATS, g, column + 1 * COUNT).reinterpretAsInts();
    IntVector f1 = IntVector.fromArray(INTS, last, joins + 1 * COUNT);
    int c = 0;
    for (int k = 0; k < terms; c++) {
      int end = Math.min(terms, k + chunk);
      IntVector before = IntVector.broadcast(INTS, c);
      IntVector l0 =
          before
              .sub(f0)
              .lanewise(VectorOperators.ASHR, 31)
              .and(all)
              .or(IntVector.fromArray(INTS, last, (c * VECTORS + 0) * COUNT))
              .and(recursive);
      IntVector l1 =
          before
              .sub(f1)
              .lanewise(VectorOperators.ASHR, 31)
              .and(all)
              .or(IntVector.fromArray(INTS, last, (c * VECTORS + 1) * COUNT))
              .and(recursive);
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector at = IntVector.broadcast(INTS, k);
        FloatVector sum = FloatVector.fromArray(FLOATS, weightGradients, k * COUNT);
        FloatVector p0 =
            at.sub(l0)
                .lanewise(VectorOperators.ASHR, 31)
                .or(IntVector.fromArray(INTS, cut, (k * VECTORS + 0) * COUNT))
                .not()
                .and(g0)
                .reinterpretAsFloats();
        p0.fma(q, FloatVector.fromArray(FLOATS, inputGradients, i + 0 * COUNT))
            .intoArray(inputGradients, i + 0 * COUNT);
        sum = p0.fma(FloatVector.fromArray(FLOATS, x, base + i + 0 * COUNT), sum);
        FloatVector p1 =
            at.sub(l1)
                .lanewise(VectorOperators.ASHR, 31)
                .or(IntVector.fromArray(INTS, cut, (k * VECTORS + 1) * COUNT))
                .not()
                .and(g1)
                .reinterpretAsFloats();
        p1.fma(q, FloatVector.fromArray(FLOATS, inputGradients, i + 1 * COUNT))
            .intoArray(inputGradients, i + 1 * COUNT);
        sum = p1.fma(FloatVector.fromArray(FLOATS, x, base + i + 1 * COUNT), sum);
        sum.intoArray(weightGradients, k * COUNT);
      }
    }
  }
}
