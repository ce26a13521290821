package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.INTS;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/**
 * Exact sums with the smallest and the largest value on the way, in integer lanes; right if no
 * partial sum can leave 32 bits.
 */
final class PathWholes implements Registers.Paths {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] sums;
  private final int[] lows;
  private final int[] highs;

  PathWholes(int[] weights, int[] row, int[] inputs, int[] sums, int[] lows, int[] highs) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.sums = sums;
    this.lows = lows;
    this.highs = highs;
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(sums, at, at + Lanes.PANEL, value);
    Arrays.fill(lows, at, at + Lanes.PANEL, value);
    Arrays.fill(highs, at, at + Lanes.PANEL, value);
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
    for (int tile = 0; tile < Lanes.PANEL; tile += 4 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, sums, lows, highs, at + tile);
    }
  }

  private static void tile(
      int[] weights,
      int[] row,
      int from,
      int to,
      int[] inputs,
      int base,
      int[] sums,
      int[] lows,
      int[] highs,
      int at) {
    IntVector r0 = IntVector.fromArray(INTS, sums, at);
    IntVector l0 = IntVector.fromArray(INTS, lows, at);
    IntVector h0 = IntVector.fromArray(INTS, highs, at);
    IntVector r1 = IntVector.fromArray(INTS, sums, at + COUNT);
    IntVector l1 = IntVector.fromArray(INTS, lows, at + COUNT);
    IntVector h1 = IntVector.fromArray(INTS, highs, at + COUNT);
    IntVector r2 = IntVector.fromArray(INTS, sums, at + 2 * COUNT);
    IntVector l2 = IntVector.fromArray(INTS, lows, at + 2 * COUNT);
    IntVector h2 = IntVector.fromArray(INTS, highs, at + 2 * COUNT);
    IntVector r3 = IntVector.fromArray(INTS, sums, at + 3 * COUNT);
    IntVector l3 = IntVector.fromArray(INTS, lows, at + 3 * COUNT);
    IntVector h3 = IntVector.fromArray(INTS, highs, at + 3 * COUNT);
    for (int i = from; i < to; i++) {
      IntVector q = IntVector.broadcast(INTS, weights[i]);
      int x = base + row[i];
      r0 = IntVector.fromArray(INTS, inputs, x).mul(q).add(r0);
      l0 = r0.min(l0);
      h0 = r0.max(h0);
      r1 = IntVector.fromArray(INTS, inputs, x + COUNT).mul(q).add(r1);
      l1 = r1.min(l1);
      h1 = r1.max(h1);
      r2 = IntVector.fromArray(INTS, inputs, x + 2 * COUNT).mul(q).add(r2);
      l2 = r2.min(l2);
      h2 = r2.max(h2);
      r3 = IntVector.fromArray(INTS, inputs, x + 3 * COUNT).mul(q).add(r3);
      l3 = r3.min(l3);
      h3 = r3.max(h3);
    }
    r0.intoArray(sums, at);
    l0.intoArray(lows, at);
    h0.intoArray(highs, at);
    r1.intoArray(sums, at + COUNT);
    l1.intoArray(lows, at + COUNT);
    h1.intoArray(highs, at + COUNT);
    r2.intoArray(sums, at + 2 * COUNT);
    l2.intoArray(lows, at + 2 * COUNT);
    h2.intoArray(highs, at + 2 * COUNT);
    r3.intoArray(sums, at + 3 * COUNT);
    l3.intoArray(lows, at + 3 * COUNT);
    h3.intoArray(highs, at + 3 * COUNT);
  }
}
