package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.MAGIC_BITS;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Registers of 2 to {@link #MAX_BITS} bits that saturate, as floats around {@link
 * VectorLanes#MAGIC}.
 *
 * <p>Right for every q and x of at most 2^24: while the register plus the product lies in [L, U] it
 * is exact; beyond, rounding is monotone and L and U are representable, so the bits, compared as
 * integers, are clipped to the same bound.
 */
final class SaturatingSumsInFloatLanes implements RegisterPanel {
  static final int MAX_BITS = 23;

  private final float[] weights;
  private final int[] row;
  private final int[] groupRow;
  private final float[] inputs;
  private final int[] bits; // of MAGIC + register
  private final int low;
  private final int high;

  SaturatingSumsInFloatLanes(
      int width, float[] weights, int[] row, int[] groupRow, float[] inputs, int[] bits) {
    this.groupRow = groupRow;
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.bits = bits;
    this.low = MAGIC_BITS + (int) Widths.min(width);
    this.high = MAGIC_BITS + (int) Widths.max(width);
  }

  @Override
  public void load(int at, int value) {
    int start = Math.clamp((long) MAGIC_BITS + value, low, high);
    Arrays.fill(bits, at, at + VectorLanes.PANEL, start);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    for (int j = 0; j < width; j++) {
      target[targetAt + j] = bits[at + j] - MAGIC_BITS;
    }
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.saturatingInFloatLanes(
          weights, row, from, to, inputs, base + tile, bits, at + tile, low, high);
    }
  }

  @Override
  public double leastShare() {
    return 0.87;
  }

  @Override
  public void addGroup(ChannelGroups groups, int channel, int segment, int base, int at) {
    IntegerTiles.saturatingGroup(
        groups.weights,
        groups.first(channel, segment),
        groupRow,
        groups.from(segment),
        groups.to(segment),
        inputs,
        base,
        bits,
        at,
        low,
        high);
  }
}
