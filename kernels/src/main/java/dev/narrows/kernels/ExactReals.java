package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;

import java.util.Arrays;

/**
 * Exact sums modulo 2^32, each segment in float registers that start at {@link Lanes#MAGIC}.
 *
 * <p>Right only if ‖q‖₁·max|x| of every segment is at most {@link Lanes#MAGIC_REACH} and |x| ≤
 * 2^24: then no partial sum of a segment is ever rounded.
 */
final class ExactReals implements Registers {
  private final float[] weights;
  private final int[] row;
  private final float[] inputs;
  private final int[] sums;

  ExactReals(float[] weights, int[] row, float[] inputs, int[] sums) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.sums = sums;
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(sums, at, at + Lanes.PANEL, value);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(sums, at, target, targetAt, width);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < Lanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.exactInFloatLanes(weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }
}
