<#import "/float-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatTileUnclamped} on {@link ScaledWeights}. */
final class FloatTileScaled {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 8 * COUNT;

  private FloatTileScaled() {}

<@tile.method vectors=8 clamps=false scaled=true/>
}
