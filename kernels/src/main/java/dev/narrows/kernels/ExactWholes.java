package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.INTS;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/** Exact sums modulo 2^32 in integer lanes, for weights and inputs of any size. */
final class ExactWholes implements Registers {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] sums;

  ExactWholes(int[] weights, int[] row, int[] inputs, int[] sums) {
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
    for (int tile = 0; tile < Lanes.PANEL; tile += 8 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }

  private static void tile(
      int[] weights, int[] row, int from, int to, int[] inputs, int base, int[] sums, int at) {
    IntVector r0 = IntVector.fromArray(INTS, sums, at);
    IntVector r1 = IntVector.fromArray(INTS, sums, at + COUNT);
    IntVector r2 = IntVector.fromArray(INTS, sums, at + 2 * COUNT);
    IntVector r3 = IntVector.fromArray(INTS, sums, at + 3 * COUNT);
    IntVector r4 = IntVector.fromArray(INTS, sums, at + 4 * COUNT);
    IntVector r5 = IntVector.fromArray(INTS, sums, at + 5 * COUNT);
    IntVector r6 = IntVector.fromArray(INTS, sums, at + 6 * COUNT);
    IntVector r7 = IntVector.fromArray(INTS, sums, at + 7 * COUNT);
    for (int i = from; i < to; i++) {
      IntVector q = IntVector.broadcast(INTS, weights[i]);
      int x = base + row[i];
      r0 = IntVector.fromArray(INTS, inputs, x).mul(q).add(r0);
      r1 = IntVector.fromArray(INTS, inputs, x + COUNT).mul(q).add(r1);
      r2 = IntVector.fromArray(INTS, inputs, x + 2 * COUNT).mul(q).add(r2);
      r3 = IntVector.fromArray(INTS, inputs, x + 3 * COUNT).mul(q).add(r3);
      r4 = IntVector.fromArray(INTS, inputs, x + 4 * COUNT).mul(q).add(r4);
      r5 = IntVector.fromArray(INTS, inputs, x + 5 * COUNT).mul(q).add(r5);
      r6 = IntVector.fromArray(INTS, inputs, x + 6 * COUNT).mul(q).add(r6);
      r7 = IntVector.fromArray(INTS, inputs, x + 7 * COUNT).mul(q).add(r7);
    }
    r0.intoArray(sums, at);
    r1.intoArray(sums, at + COUNT);
    r2.intoArray(sums, at + 2 * COUNT);
    r3.intoArray(sums, at + 3 * COUNT);
    r4.intoArray(sums, at + 4 * COUNT);
    r5.intoArray(sums, at + 5 * COUNT);
    r6.intoArray(sums, at + 6 * COUNT);
    r7.intoArray(sums, at + 7 * COUNT);
  }
}
