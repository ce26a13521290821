package dev.narrows.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Whether products of a tile of columns can be clamped: from the largest inputs of every term. */
final class ProductBounds {
  private final FloatJob job;
  private final FloatWays ways;
  private final int width;
  private final float[] largest; // [tiles of a panel][K] in the sequence of the walk

  /**
   * @param width columns of a tile
   */
  ProductBounds(FloatJob job, FloatWays ways, int width) {
    this.job = job;
    this.ways = ways;
    this.width = width;
    this.largest = new float[Lanes.PANEL / width * ways.terms()];
  }

  /** Takes the inputs of a panel. */
  void take(int panel) {
    float[] x = job.x().panels();
    int terms = ways.terms();
    for (int i = 0; i < largest.length; i++) {
      int at = job.base(panel) + ways.first() + i % terms * ways.step() + i / terms * width;
      largest[i] = largest(x, at);
    }
  }

  private float largest(float[] x, int at) {
    FloatVector zero = FloatVector.zero(Lanes.FLOATS);
    FloatVector most = zero;
    for (int j = at; j < at + width; j += Lanes.COUNT) {
      most = FloatVector.fromArray(Lanes.FLOATS, x, j).abs().max(most);
    }
    return zero.max(most).reduceLanes(VectorOperators.MAX);
  }

  /**
   * Whether a product of the terms from {@code first} to {@code end} is clamped: rounding is
   * monotone, so the largest input tells.
   *
   * @param weights [channels][K] in the sequence of the walk
   * @param from where the first of the channels begins
   * @param j where the tile begins in the panel
   */
  boolean clamps(float[] weights, int from, int channels, int j, int first, int end) {
    int terms = ways.terms();
    float most = Float.intBitsToFloat(ways.steps().productMost());
    for (int c = from; c < from + channels * terms; c += terms) {
      for (int k = first; k < end; k++) {
        if (Math.abs(weights[c + k]) * largest[j / width * terms + k] > most) {
          return true;
        }
      }
    }
    return false;
  }
}
