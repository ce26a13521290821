<#import "/event-tile.ftl" as tile>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The chunks of the registers of four channels and two vectors of columns, counted, where {@link
 * FloatRegisterWalk#neverClamps} holds.
 *
 * <p>Kept products are counted in lanes. Sums that underflow and sums that moved are counted by the
 * bits of a comparison's mask, which leaves the vector units but one instruction for each. Of both
 * the pure forms are slower. Columns and channels of padding, all zero, add to no count.
 */
final class EventTileUnclamped {
  /** Channels of a tile. */
  static final int CHANNELS = 4;

  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  /**
   * Ints of the counts: kept products, sums that underflowed, steps that moved the register; {@link
   * EventTileClamped}: products and sums that were clamped.
   */
  static final int COUNTS = 5;

  private EventTileUnclamped() {}

  /**
   * Walks all chunks, each from a register of zero.
   *
   * @param weights [channels][K] in the sequence of the walk
   * @param from where the first of the four channels begins
   * @param at where the tile's inputs of the first term begin
   * @param sums [chunks][{@link #CHANNELS}][{@link #VECTORS} · lanes]; overwritten
   * @param counts [chunks][{@link #COUNTS}]; overwritten
   */
<@tile.walk watched=false/>
}
