package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Exact sums with the smallest and the largest value on the way, in integer lanes; right if no
 * partial sum can leave 32 bits.
 */
final class PathSumsInIntegerLanes implements RegisterPanel.Tracking {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] sums;
  private final int[] lows;
  private final int[] highs;

  PathSumsInIntegerLanes(
      int[] weights, int[] row, int[] inputs, int[] sums, int[] lows, int[] highs) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.sums = sums;
    this.lows = lows;
    this.highs = highs;
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(sums, at, at + VectorLanes.PANEL, value);
    Arrays.fill(lows, at, at + VectorLanes.PANEL, value);
    Arrays.fill(highs, at, at + VectorLanes.PANEL, value);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(sums, at, target, targetAt, width);
  }

  @Override
  public void path(int at, int[] folds, int width) {
    for (int j = 0; j < width; j++) {
      int low = lows[at + j];
      int high = highs[at + j];
      folds[j] |= low ^ (low >> 31) | high ^ (high >> 31);
    }
  }

  @Override
  public boolean faithful(int at, int width) {
    return true;
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.NARROW * COUNT) {
      IntegerTiles.pathsInIntegerLanes(
          weights, row, from, to, inputs, base + tile, sums, lows, highs, at + tile);
    }
  }
}
