package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Registers of 2 to 32 bits that saturate, in integer lanes.
 *
 * <p>Right if every product fits 32 bits. A sum that leaves 32 bits is recognised by its sign,
 * unlike those of both summands, and replaced by the end of the range that it left by.
 */
final class SaturatingSumsInIntegerLanes implements RegisterPanel {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] registers;
  private final int low;
  private final int high;

  SaturatingSumsInIntegerLanes(int width, int[] weights, int[] row, int[] inputs, int[] registers) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.registers = registers;
    this.low = (int) Widths.min(width);
    this.high = (int) Widths.max(width);
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(registers, at, at + VectorLanes.PANEL, Math.clamp(value, low, high));
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(registers, at, target, targetAt, width);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.NARROW * COUNT) {
      IntegerTiles.saturatingInIntegerLanes(
          weights, row, from, to, inputs, base + tile, registers, at + tile, low, high);
    }
  }
}
