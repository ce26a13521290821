<#import "/fused-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.HALF_SHORTS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;
import static dev.narrows.kernels.lanes.VectorLanes.SHORTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FusedTileWide}, counting what happens; {@link FusedEvents} names the places. */
final class FusedEventTile {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 2 * COUNT;

  private FusedEventTile() {}

  /**
   * @param weights [channels][K] as the multipliers take them
   * @param exponents of the weights
   * @param from where the channel begins
   * @param x [K][{@link VectorLanes#PANEL}], the same of the inputs
   * @param ofInputs exponents of the inputs
   * @param base where the tile begins in both
   * @param scratch as long as the tile is wide
   * @param events added to
   */
<@tile.method wide=true half=false counts=true vectors=2/>
}
