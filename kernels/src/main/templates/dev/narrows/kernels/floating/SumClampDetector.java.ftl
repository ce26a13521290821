<#import "/event-tile.ftl" as tile>
<#import "/quantizer.ftl" as q>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Whether a sum or join of four channels and two vectors of columns is clamped. The walk leaves the
 * clamps of sums out: it is that of the register up to the first clamp, where it ends.
 */
final class SumClampDetector {
  private SumClampDetector() {}

  /** As {@link EventTileUnclamped#walk}; no product may be clamped. */
  static boolean any(float[] weights, int from, FloatRegisterWalk walk, float[] x, int at) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    <@q.constants ["magnitude", "productKept", "productBelow", "sumKept", "sumBelow"]/>
    int i = at;
<@tile.registers "t"/>
    for (int k = 0; k < terms; ) {
      int end = Math.min(terms, k + chunk);
      IntVector most = none;
<@tile.registers "r"/>
      for (; k < end; k++, i += step) {
<@tile.weights/>
        <#list tile.vectors as v>
        <@tile.inputs v/>
        <#list tile.channels as c>
        <#assign o = "${c}${v}">
        IntVector p${o} = x${v}.mul(q${c}).reinterpretAsInts();
        IntVector s${o} =
            ${q.truncated("product", "p${o}", q.survivors("product", "p${o}.and(magnitude)"))}
                .reinterpretAsFloats().add(r${o}).reinterpretAsInts();
        IntVector n${o} = s${o}.and(magnitude);
        most = n${o}.max(most);
        r${o} = ${q.truncated("sum", "s${o}", q.survivors("sum", "n${o}"))}.reinterpretAsFloats();
        </#list>
        </#list>
      }
      <#list tile.channels as c>
      <#list tile.vectors as v>
      <#assign o = "${c}${v}">
      IntVector j${o} = zero.add(r${o}).add(t${o}).reinterpretAsInts();
      IntVector h${o} = j${o}.and(magnitude);
      most = h${o}.max(most);
      t${o} = ${q.truncated("sum", "j${o}", q.survivors("sum", "h${o}"))}.reinterpretAsFloats();
      </#list>
      </#list>
      if (none.add(most).reduceLanes(VectorOperators.MAX) > steps.sumMost()) {
        return true;
      }
    }
    return false;
  }
}
