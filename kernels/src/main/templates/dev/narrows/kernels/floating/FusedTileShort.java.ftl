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

/**
 * {@link FusedTile} of products of few bits ({@link FusedOperands#few}), {@value #ROWS} channels at once: what a tile
 * loads is most of the work otherwise.
 */
final class FusedTileShort {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 2 * COUNT;

  /** Channels of a tile. */
  static final int ROWS = 2;

  private FusedTileShort() {}

  /**
   * @param weights [channels][K] as the multipliers take them
   * @param exponents of the weights
   * @param from where the channel begins
   * @param x [K][{@link VectorLanes#PANEL}], the same of the inputs
   * @param ofInputs exponents of the inputs
   * @param base where the tile begins in both
   * @param out [{@link #ROWS}][{@link VectorLanes#PANEL}]
   * @param scratch of as many places as the tile has sums
   */
<@tile.method wide=false half=false counts=false rows=2 vectors=2 short=true/>
}
