<#import "/float-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatTileClamped} where {@link FloatRegisterWalk#neverClamps} holds: eight vectors of columns, and
 * clamps at the joins alone.
 */
final class FloatTileUnclamped {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 8 * COUNT;

  private FloatTileUnclamped() {}

<@tile.method vectors=8 clamps=false/>
}
