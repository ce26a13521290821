<#import "/event-tile.ftl" as tile>
<#import "/quantizer.ftl" as q>
package dev.narrows.kernels;

import static dev.narrows.kernels.FreeCounts.COUNTS;
import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FreeCounts} with clamps, which are counted too. */
final class CountedFloats {
  private CountedFloats() {}

  /** As there, of the one chunk of {@code ways} from term k. */
  static void chunk(
      float[] weights,
      int from,
      FloatWays ways,
      int k,
      float[] x,
      int at,
      float[] sums,
      int[] counts) {
    FloatWays.Steps steps = ways.steps();
    int terms = ways.terms();
    int chunk = ways.chunk();
    int step = ways.step();
    <@q.constants ["sign"]/>
    FloatVector zero = FloatVector.zero(FLOATS);
    IntVector none = IntVector.zero(INTS);
    <@q.constants ["magnitude", "productKept", "productBelow", "sumKept", "sumBelow"]/>
    <@q.constants ["productMost", "sumMost"]/>
    int end = Math.min(terms, k + chunk);
    int i = at + k * step;
    int to = k / chunk;
<@tile.chunk clamps=true watched=false/>
  }
}
