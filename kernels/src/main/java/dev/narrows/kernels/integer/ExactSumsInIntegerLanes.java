package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/** Exact sums modulo 2^32 in integer lanes, for weights and inputs of any size. */
final class ExactSumsInIntegerLanes implements RegisterPanel {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] sums;

  ExactSumsInIntegerLanes(int[] weights, int[] row, int[] inputs, int[] sums) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.sums = sums;
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(sums, at, at + VectorLanes.PANEL, value);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(sums, at, target, targetAt, width);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.exactInIntegerLanes(
          weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }
}
