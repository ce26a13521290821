<#import "/quantizer.ftl" as q>
<#assign vectors = 0..<4>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Adds the sums of the chunks to totals, by counted steps like any other; four vectors. */
final class EventCountingJoin {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 4;

  private EventCountingJoin() {}

  /**
   * Leaves the totals in the place of the first sums.
   *
   * @param to where the first sums begin
   * @param stride from one chunk's sums to the next one's
   * @param events sums that underflowed, sums clamped, addends that are not zero, steps that moved;
   *     added to
   */
  static void join(FloatRegisterWalk walk, float[] sums, int to, int stride, long[] events) {
    <@q.constants ["sign", "magnitude", "sumKept", "sumBelow", "sumMost"] "walk.steps()"/>
    IntVector one = IntVector.broadcast(INTS, 1);
    IntVector none = IntVector.zero(INTS);
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector overflows = none;
    IntVector addends = none;
    int underflows = 0;
    int moved = 0;
    int end = to + walk.chunks() * stride;
    <#list vectors as v>
    FloatVector t${v} = zero;
    </#list>
    for (int i = to; i < end; i += stride) {
      <#list vectors as v>
      FloatVector r${v} = FloatVector.fromArray(FLOATS, sums, i + ${v} * COUNT);
      IntVector s${v} = r${v}.add(t${v}).reinterpretAsInts();
      IntVector n${v} = s${v}.and(magnitude);
      IntVector b${v} = ${q.gap("sum", "n${v}")};
      IntVector z${v} = ${q.clamped("sum", "s${v}", "n${v}", q.spread("b${v}") + ".and(sumKept)")};
      overflows = ${q.overflows("sum", "n${v}")}.add(overflows);
      addends = r${v}.reinterpretAsInts().and(magnitude).min(one).add(addends);
      underflows += b${v}.compare(VectorOperators.ULT, sumBelow).trueCount();
      moved += z${v}.compare(VectorOperators.NE, t${v}.reinterpretAsInts()).trueCount();
      t${v} = z${v}.reinterpretAsFloats();
      </#list>
    }
    <#list vectors as v>
    zero.add(t${v}).intoArray(sums, to + ${v} * COUNT);
    </#list>
    events[0] += underflows;
    events[1] -= none.add(overflows).reduceLanes(VectorOperators.ADD);
    events[2] += none.add(addends).reduceLanes(VectorOperators.ADD);
    events[3] += moved;
  }
}
