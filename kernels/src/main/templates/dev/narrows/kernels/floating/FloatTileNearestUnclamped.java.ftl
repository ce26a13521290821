<#import "/nearest-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatTileNearest} where {@link NearestWalk#unclamped} holds: four vectors of columns, and what clamps need at
 * the joins alone.
 */
final class FloatTileNearestUnclamped {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 4 * COUNT;

  private FloatTileNearestUnclamped() {}

  /**
   * @param weights [channels][K] in the sequence of the walk
   * @param base where the tile's inputs of term 0 stand
   */
<@tile.method vectors=4 clamps=false/>
}
