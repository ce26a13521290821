package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/** Exact sums modulo 2^32 of a panel; how terms are added is up to the lanes. */
abstract sealed class ExactSums implements RegisterPanel
    permits ExactSumsInFloatLanes, ExactSumsInIntegerLanes {
  final int[] row;
  final int[] sums;

  /**
   * @param row where the inputs of each term begin
   * @param sums in and out, [channels][{@link VectorLanes#PANEL}]
   */
  ExactSums(int[] row, int[] sums) {
    this.row = row;
    this.sums = sums;
  }

  @Override
  public final void load(int at, int value) {
    Arrays.fill(sums, at, at + VectorLanes.PANEL, value);
  }

  @Override
  public final void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(sums, at, target, targetAt, width);
  }
}
