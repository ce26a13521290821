<#import "/nearest-tile.ftl" as q>
<#assign vectors = 0..<2>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Floating-point registers that round to nearest even, of a channel and two vectors of columns. */
final class FloatTileNearest {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 2 * COUNT;

  private FloatTileNearest() {}

  /**
   * @param weights [channels][K] in the sequence of the walk
   * @param base where the tile's inputs of term 0 stand
   */
  static void tile(
      float[] weights, int from, NearestWalk walk, float[] x, int base, float[] out, int to) {
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    boolean promoted = walk.promoted();
    int i = base + walk.first();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    IntVector sign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector magnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector infinite = IntVector.broadcast(INTS, FusedSteps.INFINITE);
    IntVector notANumber = IntVector.broadcast(INTS, FusedSteps.NOT_A_NUMBER);
    <@q.constants "product" "walk.product()"/>
    <@q.constants "sum" "walk.sum()"/>
    <#list vectors as v>
    FloatVector t${v} = zero;
    </#list>
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      <#list vectors as v>
      FloatVector r${v} = zero;
      </#list>
      for (; k < end; k++, i += step) {
        FloatVector q = FloatVector.broadcast(FLOATS, weights[from + k]);
        <#list vectors as v>
        IntVector p${v} = FloatVector.fromArray(FLOATS, x, i + ${v} * COUNT).mul(q).reinterpretAsInts();
        <@q.rounded format="product" of="p${v}" to="a${v}" o="P${v}"/>
        IntVector s${v} = a${v}.reinterpretAsFloats().add(r${v}).reinterpretAsInts();
        <@q.rounded format="sum" of="s${v}" to="b${v}" o="S${v}"/>
        r${v} = b${v}.reinterpretAsFloats();
        </#list>
      }
      if (promoted) {
        <#list vectors as v>
        t${v} = zero.add(r${v}).add(t${v});
        </#list>
      } else {
        <#list vectors as v>
        IntVector j${v} = zero.add(r${v}).add(t${v}).reinterpretAsInts();
        <@q.rounded format="sum" of="j${v}" to="c${v}" o="J${v}"/>
        t${v} = c${v}.reinterpretAsFloats();
        </#list>
      }
    }
    <#list vectors as v>
    IntVector o${v} = zero.add(t${v}).reinterpretAsInts();
    o${v}
        .blend(notANumber, o${v}.and(magnitude).compare(VectorOperators.GT, infinite))
        .reinterpretAsFloats()
        .intoArray(out, to + ${v} * COUNT);
    </#list>
  }
}
