<#import "/float-tile.ftl" as tile>
package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ClampedFloats} where {@link FloatWays#neverClamps} holds: eight vectors of columns, and
 * clamps at the joins alone.
 */
final class FreeFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 8;

  private FreeFloats() {}

<@tile.method vectors=8 clamps=false/>
}
