<#import "/nearest-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Floating-point registers that round to nearest even, of a channel and two vectors of columns. */
final class FloatTileNearest {
  /** Columns of a tile; a divisor of {@link VectorLanes#PANEL}. */
  static final int WIDTH = 2 * COUNT;

  private FloatTileNearest() {}

  /**
   * @param weights [channels][K] in the sequence of the walk
   * @param base where the tile's inputs of term 0 stand
   */
<@tile.method vectors=2 clamps=true/>
}
