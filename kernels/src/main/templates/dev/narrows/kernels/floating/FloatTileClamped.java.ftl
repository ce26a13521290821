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
 * Floating-point registers of a channel and four vectors of columns. Clamp and truncation are an
 * integer minimum and a mask on |bits|; underflow is the sign of an integer difference, spread over
 * the lane.
 */
final class FloatTileClamped {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 4 * COUNT;

  private FloatTileClamped() {}

<@tile.method vectors=4 clamps=true/>
}
