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
  private final int[] groupRow;
  private final boolean grouped;

  /** Of the weights themselves. */
  ExactSumsInFloatLanes(float[] weights, int[] row, int[] groupRow, float[] inputs, int[] sums) {
    this(weights, row, groupRow, inputs, sums, true);
  }

  private ExactSumsInFloatLanes(
      float[] weights, int[] row, int[] groupRow, float[] inputs, int[] sums, boolean grouped) {
    super(row, sums);
    this.groupRow = groupRow;
    this.weights = weights;
    this.inputs = inputs;
    this.grouped = grouped;
  }

  /** Of other weights than those of the groups. */
  static ExactSumsInFloatLanes ofEachChannel(
      float[] weights, int[] row, float[] inputs, int[] sums) {
    return new ExactSumsInFloatLanes(weights, row, new int[0], inputs, sums, false);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < VectorLanes.PANEL; tile += IntegerTiles.WIDE * COUNT) {
      IntegerTiles.exactInFloatLanes(weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }

  @Override
  public double leastShare() {
    return grouped ? 0.55 : 2;
  }

  @Override
  public void addGroup(ChannelGroups groups, int channel, int segment, int base, int at) {
    IntegerTiles.exactGroup(
        groups.weights,
        groups.first(channel, segment),
        groupRow,
        groups.from(segment),
        groups.to(segment),
        inputs,
        base,
        sums,
        at);
  }
}
