package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;
import static dev.narrows.kernels.Lanes.MAGIC_BITS;

import dev.narrows.core.format.Widths;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Registers of 2 to {@link #MAX_BITS} bits that saturate, as floats around {@link Lanes#MAGIC}.
 *
 * <p>Right for every q and x of at most 2^24: while the register plus the product lies in [L, U] it
 * is exact; beyond, rounding is monotone and L and U are representable, so the bits, compared as
 * integers, are clipped to the same bound.
 */
final class SaturatingReals implements Registers {
  static final int MAX_BITS = 23;

  private final float[] weights;
  private final int[] row;
  private final float[] inputs;
  private final int[] bits; // of MAGIC + register
  private final int low;
  private final int high;

  SaturatingReals(int width, float[] weights, int[] row, float[] inputs, int[] bits) {
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
    Arrays.fill(bits, at, at + Lanes.PANEL, start);
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    for (int j = 0; j < width; j++) {
      target[targetAt + j] = bits[at + j] - MAGIC_BITS;
    }
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < Lanes.PANEL; tile += 8 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, bits, at + tile, low, high);
    }
  }

  private static void tile(
      float[] weights,
      int[] row,
      int from,
      int to,
      float[] inputs,
      int base,
      int[] bits,
      int at,
      int low,
      int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
    IntVector r0 = IntVector.fromArray(INTS, bits, at);
    IntVector r1 = IntVector.fromArray(INTS, bits, at + COUNT);
    IntVector r2 = IntVector.fromArray(INTS, bits, at + 2 * COUNT);
    IntVector r3 = IntVector.fromArray(INTS, bits, at + 3 * COUNT);
    IntVector r4 = IntVector.fromArray(INTS, bits, at + 4 * COUNT);
    IntVector r5 = IntVector.fromArray(INTS, bits, at + 5 * COUNT);
    IntVector r6 = IntVector.fromArray(INTS, bits, at + 6 * COUNT);
    IntVector r7 = IntVector.fromArray(INTS, bits, at + 7 * COUNT);
    for (int i = from; i < to; i++) {
      FloatVector q = FloatVector.broadcast(FLOATS, weights[i]);
      int x = base + row[i];
      FloatVector t0 = FloatVector.fromArray(FLOATS, inputs, x);
      r0 = t0.fma(q, r0.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t1 = FloatVector.fromArray(FLOATS, inputs, x + COUNT);
      r1 = t1.fma(q, r1.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t2 = FloatVector.fromArray(FLOATS, inputs, x + 2 * COUNT);
      r2 = t2.fma(q, r2.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t3 = FloatVector.fromArray(FLOATS, inputs, x + 3 * COUNT);
      r3 = t3.fma(q, r3.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t4 = FloatVector.fromArray(FLOATS, inputs, x + 4 * COUNT);
      r4 = t4.fma(q, r4.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t5 = FloatVector.fromArray(FLOATS, inputs, x + 5 * COUNT);
      r5 = t5.fma(q, r5.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t6 = FloatVector.fromArray(FLOATS, inputs, x + 6 * COUNT);
      r6 = t6.fma(q, r6.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
      FloatVector t7 = FloatVector.fromArray(FLOATS, inputs, x + 7 * COUNT);
      r7 = t7.fma(q, r7.reinterpretAsFloats()).reinterpretAsInts().max(least).min(most);
    }
    r0.intoArray(bits, at);
    r1.intoArray(bits, at + COUNT);
    r2.intoArray(bits, at + 2 * COUNT);
    r3.intoArray(bits, at + 3 * COUNT);
    r4.intoArray(bits, at + 4 * COUNT);
    r5.intoArray(bits, at + 5 * COUNT);
    r6.intoArray(bits, at + 6 * COUNT);
    r7.intoArray(bits, at + 7 * COUNT);
  }
}
