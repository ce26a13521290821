<#import "/quantizer.ftl" as q>
<#assign vectors = 0..<2>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.kernels.lanes.VectorLanes;
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
final class MaskedGradientTile {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  private MaskedGradientTile() {}

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
      FloatRegisterWalk walk,
      float[] x,
      int base,
      GradientCuts cuts,
      int[] cut,
      int[] last) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    int i = base + walk.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    <@q.constants ["sign", "productKept", "productBelow", "productMost"]/>
    <@q.constants ["sumKept", "sumBelow", "sumMost", "magnitude"]/>
    IntVector byProduct = IntVector.broadcast(INTS, cuts.byProduct());
    IntVector bySum = IntVector.broadcast(INTS, cuts.bySum());
    IntVector byMove = IntVector.broadcast(INTS, cuts.byMove());
    FloatVector epsilon = FloatVector.broadcast(FLOATS, cuts.epsilon());
    <#list vectors as v>
    FloatVector t${v} = zero;
    IntVector f${v} = IntVector.zero(INTS);
    </#list>
    int c = 0;
    for (int k = 0; k < terms; c++) {
      int end = Math.min(terms, k + chunk);
      <#list vectors as v>
      FloatVector r${v} = zero;
      IntVector l${v} = IntVector.zero(INTS);
      </#list>
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector next = IntVector.broadcast(INTS, k + 1);
        <#list vectors as v>
        FloatVector w${v} = FloatVector.fromArray(FLOATS, x, i + ${v} * COUNT).mul(q);
        IntVector p${v} = w${v}.reinterpretAsInts();
        IntVector m${v} = p${v}.and(magnitude);
        IntVector s${v} =
            ${q.clamped("product", "p${v}", "m${v}", q.survivors("product", "m${v}") + ".and(productKept)")}
                .reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        IntVector n${v} = s${v}.and(magnitude);
        FloatVector z${v} =
            ${q.clamped("sum", "s${v}", "n${v}", q.survivors("sum", "n${v}") + ".and(sumKept)")}
                .reinterpretAsFloats();
        IntVector v${v} = ${q.overflows("sum", "n${v}")};
        l${v} = v${v}.and(next).max(l${v});
        IntVector d${v} =
            z${v}.sub(r${v})
                .reinterpretAsInts()
                .and(magnitude)
                .reinterpretAsFloats()
                .sub(epsilon.mul(m${v}.reinterpretAsFloats()))
                .reinterpretAsInts()
                .lanewise(VectorOperators.ASHR, 31);
        ${q.overflows("product", "m${v}")}
            .and(byProduct)
            .or(v${v}.and(bySum))
            .or(d${v}.and(byMove))
            .intoArray(cut, (k * VECTORS + ${v}) * COUNT);
        r${v} = z${v};
        </#list>
      }
      IntVector following = IntVector.broadcast(INTS, c + 1);
      <#list vectors as v>
      IntVector.zero(INTS).add(l${v}).intoArray(last, (c * VECTORS + ${v}) * COUNT);
      IntVector j${v} = zero.add(r${v}).add(t${v}).reinterpretAsInts();
      IntVector h${v} = j${v}.and(magnitude);
      t${v} =
          ${q.clamped("sum", "j${v}", "h${v}", q.survivors("sum", "h${v}") + ".and(sumKept)")}
              .reinterpretAsFloats();
      f${v} = ${q.overflows("sum", "h${v}")}.and(following).max(f${v});
      </#list>
    }
    <#list vectors as v>
    IntVector.zero(INTS).add(f${v}).intoArray(last, (c * VECTORS + ${v}) * COUNT);
    </#list>
  }

  /**
   * Adds the gradients that pass.
   *
   * @param base where the panel begins in {@code x}
   * @param column where the tile begins in the panel
   * @param g gradients of the panel's outputs
   * @param inputGradients [K][{@link VectorLanes#PANEL}] of the panel; added to
   * @param weightGradients [K][lanes] in the sequence of the walk; added to
   */
  static void add(
      float[] weights,
      int from,
      FloatRegisterWalk walk,
      float[] x,
      int base,
      int column,
      GradientCuts cuts,
      int[] cut,
      int[] last,
      float[] g,
      float[] inputGradients,
      float[] weightGradients) {
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    int i = column + walk.first();
    int joins = walk.chunks() * VECTORS * COUNT;
    IntVector all = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector recursive = IntVector.broadcast(INTS, cuts.recursive());
    <#list vectors as v>
    IntVector g${v} = FloatVector.fromArray(FLOATS, g, column + ${v} * COUNT).reinterpretAsInts();
    IntVector f${v} = IntVector.fromArray(INTS, last, joins + ${v} * COUNT);
    </#list>
    int c = 0;
    for (int k = 0; k < terms; c++) {
      int end = Math.min(terms, k + chunk);
      IntVector before = IntVector.broadcast(INTS, c);
      <#list vectors as v>
      IntVector l${v} =
          before
              .sub(f${v})
              .lanewise(VectorOperators.ASHR, 31)
              .and(all)
              .or(IntVector.fromArray(INTS, last, (c * VECTORS + ${v}) * COUNT))
              .and(recursive);
      </#list>
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        IntVector at = IntVector.broadcast(INTS, k);
        FloatVector sum = FloatVector.fromArray(FLOATS, weightGradients, k * COUNT);
        <#list vectors as v>
        FloatVector p${v} =
            at.sub(l${v})
                .lanewise(VectorOperators.ASHR, 31)
                .or(IntVector.fromArray(INTS, cut, (k * VECTORS + ${v}) * COUNT))
                .not()
                .and(g${v})
                .reinterpretAsFloats();
        p${v}.fma(q, FloatVector.fromArray(FLOATS, inputGradients, i + ${v} * COUNT))
            .intoArray(inputGradients, i + ${v} * COUNT);
        sum = p${v}.fma(FloatVector.fromArray(FLOATS, x, base + i + ${v} * COUNT), sum);
        </#list>
        sum.intoArray(weightGradients, k * COUNT);
      }
    }
  }
}
