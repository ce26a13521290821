package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.kernels.lanes.VectorLanes;

/**
 * Exact sums modulo 2^32, each segment in float registers that start at {@link VectorLanes#MAGIC}.
 *
 * <p>Right only if ‖q‖₁·max|x| of every segment is at most {@link VectorLanes#MAGIC_REACH} and |x|
 * ≤ 2^24: then no partial sum of a segment is ever rounded.
 */
final class ExactSumsInFloatLanes extends ExactSums {
  private final float[] weights;
  private final float[] inputs;

  ExactSumsInFloatLanes(float[] weights, int[] row, float[] inputs, int[] sums) {
    super(row, sums);
    this.weights = weights;
    this.inputs = inputs;
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.exactInFloatLanes(weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }
}
