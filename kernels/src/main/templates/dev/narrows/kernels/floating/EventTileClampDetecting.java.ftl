<#import "/event-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.floating.EventTileUnclamped.COUNTS;
import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link EventTileUnclamped} where a clamp may fire: it leaves the clamps out as well, and notices whether
 * one was missing. {@link EventTileClamped} walks such a chunk again.
 */
final class EventTileClampDetecting {
  private EventTileClampDetecting() {}

  /** As there; a chunk in which a clamp was missing has a count of −1 for its clamped products. */
<@tile.walk watched=true/>
}
