package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;
import static dev.narrows.kernels.Lanes.MAGIC;
import static dev.narrows.kernels.Lanes.MAGIC_BITS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

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
    for (int tile = 0; tile < Lanes.PANEL; tile += 8 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, sums, at + tile);
    }
  }

  private static void tile(
      float[] weights, int[] row, int from, int to, float[] inputs, int base, int[] sums, int at) {
    FloatVector start = FloatVector.broadcast(FLOATS, MAGIC);
    FloatVector r0 = start;
    FloatVector r1 = start;
    FloatVector r2 = start;
    FloatVector r3 = start;
    FloatVector r4 = start;
    FloatVector r5 = start;
    FloatVector r6 = start;
    FloatVector r7 = start;
    for (int i = from; i < to; i++) {
      FloatVector q = FloatVector.broadcast(FLOATS, weights[i]);
      int x = base + row[i];
      r0 = FloatVector.fromArray(FLOATS, inputs, x).fma(q, r0);
      r1 = FloatVector.fromArray(FLOATS, inputs, x + COUNT).fma(q, r1);
      r2 = FloatVector.fromArray(FLOATS, inputs, x + 2 * COUNT).fma(q, r2);
      r3 = FloatVector.fromArray(FLOATS, inputs, x + 3 * COUNT).fma(q, r3);
      r4 = FloatVector.fromArray(FLOATS, inputs, x + 4 * COUNT).fma(q, r4);
      r5 = FloatVector.fromArray(FLOATS, inputs, x + 5 * COUNT).fma(q, r5);
      r6 = FloatVector.fromArray(FLOATS, inputs, x + 6 * COUNT).fma(q, r6);
      r7 = FloatVector.fromArray(FLOATS, inputs, x + 7 * COUNT).fma(q, r7);
    }
    IntVector zero = IntVector.broadcast(INTS, MAGIC_BITS);
    IntVector s0 = IntVector.fromArray(INTS, sums, at);
    IntVector s1 = IntVector.fromArray(INTS, sums, at + COUNT);
    IntVector s2 = IntVector.fromArray(INTS, sums, at + 2 * COUNT);
    IntVector s3 = IntVector.fromArray(INTS, sums, at + 3 * COUNT);
    IntVector s4 = IntVector.fromArray(INTS, sums, at + 4 * COUNT);
    IntVector s5 = IntVector.fromArray(INTS, sums, at + 5 * COUNT);
    IntVector s6 = IntVector.fromArray(INTS, sums, at + 6 * COUNT);
    IntVector s7 = IntVector.fromArray(INTS, sums, at + 7 * COUNT);
    r0.reinterpretAsInts().sub(zero).add(s0).intoArray(sums, at);
    r1.reinterpretAsInts().sub(zero).add(s1).intoArray(sums, at + COUNT);
    r2.reinterpretAsInts().sub(zero).add(s2).intoArray(sums, at + 2 * COUNT);
    r3.reinterpretAsInts().sub(zero).add(s3).intoArray(sums, at + 3 * COUNT);
    r4.reinterpretAsInts().sub(zero).add(s4).intoArray(sums, at + 4 * COUNT);
    r5.reinterpretAsInts().sub(zero).add(s5).intoArray(sums, at + 5 * COUNT);
    r6.reinterpretAsInts().sub(zero).add(s6).intoArray(sums, at + 6 * COUNT);
    r7.reinterpretAsInts().sub(zero).add(s7).intoArray(sums, at + 7 * COUNT);
  }
}
