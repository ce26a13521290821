package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Whether products of a tile of channels and columns can be clamped: from the largest inputs of
 * every term. Rounding is monotone, so the largest input tells.
 */
final class ProductClampBounds {
  private final FloatProductSlice slice;
  private final FloatRegisterWalk walk;
  private final float[] weights;
  private final int channels;
  private final int width;
  private final float[] largestWeights; // [tiles of channels][chunks]
  private final float[] largest; // [tiles of a panel][K] in the sequence of the walk
  private final float[] largestInputs; // [tiles of a panel][chunks]

  /**
   * @param order the channels of {@code weights}
   * @param weights [channels][K] in the sequence of the walk, zeros up to whole tiles
   * @param channels of a tile
   * @param width columns of a tile
   */
  ProductClampBounds(
      FloatProductSlice slice,
      FloatRegisterWalk walk,
      int[] order,
      float[] weights,
      int channels,
      int width) {
    this.slice = slice;
    this.walk = walk;
    this.weights = weights;
    this.channels = channels;
    this.width = width;
    this.largest = new float[VectorLanes.PANEL / width * walk.terms()];
    this.largestInputs = new float[VectorLanes.PANEL / width * walk.chunks()];
    this.largestWeights = new float[(order.length + channels - 1) / channels * walk.chunks()];
    for (int i = 0; i < order.length; i++) {
      for (int chunk = 0; chunk < walk.chunks(); chunk++) {
        int to = i / channels * walk.chunks() + chunk;
        float weight = walk.limits().largestWeight(order[i], chunk);
        largestWeights[to] = Math.max(largestWeights[to], weight);
      }
    }
  }

  /** Takes the inputs of a panel. */
  void take(int panel) {
    float[] x = slice.x().panels();
    int terms = walk.terms();
    for (int tile = 0; tile < VectorLanes.PANEL / width; tile++) {
      int at = slice.base(panel) + walk.first() + tile * width;
      for (int chunk = 0; chunk < walk.chunks(); chunk++) {
        int end = end(chunk);
        float most = 0;
        for (int k = chunk * walk.chunk(); k < end; k++) {
          largest[tile * terms + k] = largest(x, at + k * walk.step());
          most = Math.max(most, largest[tile * terms + k]);
        }
        largestInputs[tile * walk.chunks() + chunk] = most;
      }
    }
  }

  private int end(int chunk) {
    return Math.min(walk.terms(), (chunk + 1) * walk.chunk());
  }

  private float largest(float[] x, int at) {
    FloatVector zero = FloatVector.zero(VectorLanes.FLOATS);
    FloatVector most = zero;
    for (int j = at; j < at + width; j += VectorLanes.COUNT) {
      most = FloatVector.fromArray(VectorLanes.FLOATS, x, j).abs().max(most);
    }
    return zero.max(most).reduceLanes(VectorOperators.MAX);
  }

  /** {@link #clamps(int, int, int)} of any chunk. */
  boolean clamps(int first, int j) {
    for (int chunk = 0; chunk < walk.chunks(); chunk++) {
      if (clamps(first, j, chunk)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a product of a chunk is clamped.
   *
   * @param first the first channel of the tile
   * @param j where the tile begins in the panel
   */
  boolean clamps(int first, int j, int chunk) {
    float most = Float.intBitsToFloat(walk.steps().productMost());
    float bound =
        largestWeights[first / channels * walk.chunks() + chunk]
            * largestInputs[j / width * walk.chunks() + chunk];
    return bound > most && greatest(first, j, chunk) > most;
  }

  /** The largest magnitude of a product of a chunk. */
  private float greatest(int first, int j, int chunk) {
    int terms = walk.terms();
    int row = j / width * terms;
    int end = end(chunk);
    FloatVector zero = FloatVector.zero(VectorLanes.FLOATS);
    FloatVector most = zero;
    float rest = 0;
    for (int c = first * terms; c < (first + channels) * terms; c += terms) {
      int k = chunk * walk.chunk();
      for (; k <= end - VectorLanes.COUNT; k += VectorLanes.COUNT) {
        most =
            FloatVector.fromArray(VectorLanes.FLOATS, weights, c + k)
                .mul(FloatVector.fromArray(VectorLanes.FLOATS, largest, row + k))
                .abs()
                .max(most);
      }
      for (; k < end; k++) {
        rest = Math.max(rest, Math.abs(weights[c + k]) * largest[row + k]);
      }
    }
    return Math.max(rest, zero.max(most).reduceLanes(VectorOperators.MAX));
  }
}
