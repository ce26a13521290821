<#import "/gradient-tile.ftl" as gradient>
package dev.narrows.kernels.floating;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.FLOATS;
import static dev.narrows.kernels.lanes.VectorLanes.INTS;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The backward pass of four channels and two vectors of columns: the gradients that pass, by what
 * forward walks noted.
 */
final class MaskedGradientTile {
  /** Channels of a tile. */
  static final int CHANNELS = 4;

  /** Vectors of columns in a tile. */
  static final int VECTORS = 2;

  private MaskedGradientTile() {}

  /**
   * Adds the gradients of terms {@code first} … {@code end} − 1 that no clamped sum cuts.
   *
   * @param from where the first of the channels begins in {@code weights}
   * @param base where the panel begins in {@code x}
   * @param column where the tile begins in the panel
   * @param g [channels][{@link VectorLanes#PANEL}], gradients of the panel's outputs
   * @param inputGradients [K][{@link VectorLanes#PANEL}] of the panel; added to
   * @param weightGradients [terms][channels][lanes] in the sequence of the walk; added to
   */
<@gradient.add name="add"/>

  /** {@link #add}; clamped products cut theirs, too. */
<@gradient.add name="addUnclamped" products=true/>

  /** {@link #add}; {@link CutNotes#now} cuts as well. */
<@gradient.add name="addNoted" words=true/>
}
