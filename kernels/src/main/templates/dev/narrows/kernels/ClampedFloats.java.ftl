<#import "/float-tile.ftl" as tile>
package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Floating-point registers of a channel and four vectors of columns. Clamp and truncation are an
 * integer minimum and a mask on |bits|; underflow is the sign of an integer difference, spread over
 * the lane.
 */
final class ClampedFloats {
  /** Vectors of columns in a tile. */
  static final int VECTORS = 4;

  private ClampedFloats() {}

<@tile.method vectors=4 clamps=true/>
}
