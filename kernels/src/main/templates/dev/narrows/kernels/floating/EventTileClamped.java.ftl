<#import "/event-tile.ftl" as tile>
<#import "/quantizer.ftl" as q>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.floating.EventTileUnclamped.COUNTS;
import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link EventTileUnclamped} with clamps, which are counted too. */
final class EventTileClamped {
  private EventTileClamped() {}

  /** As there, of the one chunk of {@code walk} from term k. */
  static void chunk(
      float[] weights,
      int from,
      FloatRegisterWalk walk,
      int k,
      float[] x,
      int at,
      float[] sums,
      int[] counts) {
    QuantizerBits steps = walk.steps();
    int terms = walk.terms();
    int chunk = walk.chunk();
    int step = walk.step();
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
