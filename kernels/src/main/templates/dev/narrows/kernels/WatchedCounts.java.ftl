<#import "/event-tile.ftl" as tile>
package dev.narrows.kernels;

import static dev.narrows.kernels.FreeCounts.COUNTS;
import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FreeCounts} where a clamp may fire: it leaves the clamps out as well, and notices whether
 * one was missing. {@link CountedFloats} walks such a chunk again.
 */
final class WatchedCounts {
  private WatchedCounts() {}

  /** As there; a chunk in which a clamp was missing has a count of −1 for its clamped products. */
<@tile.walk watched=true/>
}
