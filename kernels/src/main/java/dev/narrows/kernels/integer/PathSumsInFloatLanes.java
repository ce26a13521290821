package dev.narrows.kernels.integer;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;
import static dev.narrows.kernels.lanes.VectorLanes.MAGIC_BITS;
import static dev.narrows.kernels.lanes.VectorLanes.MAGIC_REACH;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Exact sums with the smallest and the largest value on the way, as floats around {@link
 * VectorLanes#MAGIC}.
 *
 * <p>Optimistic: nothing bounds the sums beforehand; {@link #faithful} tells afterwards. A sum
 * above {@link VectorLanes#MAGIC_REACH} may be rounded to that limit itself (2^24 + 1 to 2^24), so
 * a register that touched it is not trusted. Below −{@link VectorLanes#MAGIC_REACH} every sum is
 * rounded to a value beyond the limit, because rounding is monotone and the next integer is
 * representable.
 */
final class PathSumsInFloatLanes implements RegisterPanel.Tracking {
  private final float[] weights;
  private final int[] row;
  private final int[] groupRow;
  private final float[] inputs;
  private final int[] bits; // of MAGIC + register
  private final int[] lows;
  private final int[] highs;

  PathSumsInFloatLanes(
      float[] weights,
      int[] row,
      int[] groupRow,
      float[] inputs,
      int[] bits,
      int[] lows,
      int[] highs) {
    this.groupRow = groupRow;
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.bits = bits;
    this.lows = lows;
    this.highs = highs;
  }

  @Override
  public void load(int at, int value) {
    // what does not fit is marked as out of reach
    int start = MAGIC_BITS + Math.clamp(value, -MAGIC_REACH - 1, MAGIC_REACH + 1);
    Arrays.fill(bits, at, at + VectorLanes.PANEL, start);
    Arrays.fill(lows, at, at + VectorLanes.PANEL, start);
    Arrays.fill(highs, at, at + VectorLanes.PANEL, start);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    for (int j = 0; j < width; j++) {
      target[targetAt + j] = bits[at + j] - MAGIC_BITS;
    }
  }

  @Override
  public void path(int at, int[] folds, int width) {
    for (int j = 0; j < width; j++) {
      int low = lows[at + j] - MAGIC_BITS;
      int high = highs[at + j] - MAGIC_BITS;
      folds[j] |= low ^ (low >> 31) | high ^ (high >> 31);
    }
  }

  @Override
  public boolean faithful(int at, int width) {
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    for (int j = at; j < at + width; j++) {
      least = Math.min(least, lows[j]);
      most = Math.max(most, highs[j]);
    }
    return least >= MAGIC_BITS - MAGIC_REACH && most < MAGIC_BITS + MAGIC_REACH;
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.pathsInFloatLanes(
          weights, row, from, to, inputs, base + tile, bits, lows, highs, at + tile);
    }
  }

  @Override
  public double leastShare() {
    return 0.62;
  }

  @Override
  public void addGroup(ChannelGroups groups, int channel, int segment, int base, int at) {
    for (int member = 0; member < ChannelGroups.CHANNELS; member += 2) {
      IntegerTiles.pathPair(
          groups.weights,
          groups.first(channel, segment) + member,
          groupRow,
          groups.from(segment),
          groups.to(segment),
          inputs,
          base,
          bits,
          lows,
          highs,
          at + member * VectorLanes.PANEL);
    }
  }
}
