package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.kernels.lanes.VectorLanes;

/** Exact sums modulo 2^32 in integer lanes, for weights and inputs of any size. */
final class ExactSumsInIntegerLanes extends ExactSums {
  private final int[] weights;
  private final int[] inputs;

  ExactSumsInIntegerLanes(int[] weights, int[] row, int[] inputs, int[] sums) {
    super(row, sums);
    this.weights = weights;
    this.inputs = inputs;
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.exactInIntegerLanes(
          weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }
}
