package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.FLOATS;
import static dev.narrows.kernels.Lanes.INTS;
import static dev.narrows.kernels.Lanes.MAGIC_BITS;
import static dev.narrows.kernels.Lanes.MAGIC_REACH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Exact sums with the smallest and the largest value on the way, as floats around {@link
 * Lanes#MAGIC}.
 *
 * <p>Optimistic: nothing bounds the sums beforehand; {@link #faithful} tells afterwards. A sum
 * above {@link Lanes#MAGIC_REACH} may be rounded to that limit itself (2^24 + 1 to 2^24), so a
 * register that touched it is not trusted. Below −{@link Lanes#MAGIC_REACH} every sum is rounded to
 * a value beyond the limit, because rounding is monotone and the next integer is representable.
 */
final class PathReals implements Registers.Paths {
  private final float[] weights;
  private final int[] row;
  private final float[] inputs;
  private final int[] bits; // of MAGIC + register
  private final int[] lows;
  private final int[] highs;

  PathReals(float[] weights, int[] row, float[] inputs, int[] bits, int[] lows, int[] highs) {
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
    Arrays.fill(bits, at, at + Lanes.PANEL, start);
    Arrays.fill(lows, at, at + Lanes.PANEL, start);
    Arrays.fill(highs, at, at + Lanes.PANEL, start);
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
    for (int tile = 0; tile < Lanes.PANEL; tile += 8 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, bits, lows, highs, at + tile);
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
      int[] lows,
      int[] highs,
      int at) {
    IntVector r0 = IntVector.fromArray(INTS, bits, at);
    IntVector l0 = IntVector.fromArray(INTS, lows, at);
    IntVector h0 = IntVector.fromArray(INTS, highs, at);
    IntVector r1 = IntVector.fromArray(INTS, bits, at + COUNT);
    IntVector l1 = IntVector.fromArray(INTS, lows, at + COUNT);
    IntVector h1 = IntVector.fromArray(INTS, highs, at + COUNT);
    IntVector r2 = IntVector.fromArray(INTS, bits, at + 2 * COUNT);
    IntVector l2 = IntVector.fromArray(INTS, lows, at + 2 * COUNT);
    IntVector h2 = IntVector.fromArray(INTS, highs, at + 2 * COUNT);
    IntVector r3 = IntVector.fromArray(INTS, bits, at + 3 * COUNT);
    IntVector l3 = IntVector.fromArray(INTS, lows, at + 3 * COUNT);
    IntVector h3 = IntVector.fromArray(INTS, highs, at + 3 * COUNT);
    IntVector r4 = IntVector.fromArray(INTS, bits, at + 4 * COUNT);
    IntVector l4 = IntVector.fromArray(INTS, lows, at + 4 * COUNT);
    IntVector h4 = IntVector.fromArray(INTS, highs, at + 4 * COUNT);
    IntVector r5 = IntVector.fromArray(INTS, bits, at + 5 * COUNT);
    IntVector l5 = IntVector.fromArray(INTS, lows, at + 5 * COUNT);
    IntVector h5 = IntVector.fromArray(INTS, highs, at + 5 * COUNT);
    IntVector r6 = IntVector.fromArray(INTS, bits, at + 6 * COUNT);
    IntVector l6 = IntVector.fromArray(INTS, lows, at + 6 * COUNT);
    IntVector h6 = IntVector.fromArray(INTS, highs, at + 6 * COUNT);
    IntVector r7 = IntVector.fromArray(INTS, bits, at + 7 * COUNT);
    IntVector l7 = IntVector.fromArray(INTS, lows, at + 7 * COUNT);
    IntVector h7 = IntVector.fromArray(INTS, highs, at + 7 * COUNT);
    for (int i = from; i < to; i++) {
      FloatVector q = FloatVector.broadcast(FLOATS, weights[i]);
      int x = base + row[i];
      FloatVector t0 = FloatVector.fromArray(FLOATS, inputs, x);
      r0 = t0.fma(q, r0.reinterpretAsFloats()).reinterpretAsInts();
      l0 = r0.min(l0);
      h0 = r0.max(h0);
      FloatVector t1 = FloatVector.fromArray(FLOATS, inputs, x + COUNT);
      r1 = t1.fma(q, r1.reinterpretAsFloats()).reinterpretAsInts();
      l1 = r1.min(l1);
      h1 = r1.max(h1);
      FloatVector t2 = FloatVector.fromArray(FLOATS, inputs, x + 2 * COUNT);
      r2 = t2.fma(q, r2.reinterpretAsFloats()).reinterpretAsInts();
      l2 = r2.min(l2);
      h2 = r2.max(h2);
      FloatVector t3 = FloatVector.fromArray(FLOATS, inputs, x + 3 * COUNT);
      r3 = t3.fma(q, r3.reinterpretAsFloats()).reinterpretAsInts();
      l3 = r3.min(l3);
      h3 = r3.max(h3);
      FloatVector t4 = FloatVector.fromArray(FLOATS, inputs, x + 4 * COUNT);
      r4 = t4.fma(q, r4.reinterpretAsFloats()).reinterpretAsInts();
      l4 = r4.min(l4);
      h4 = r4.max(h4);
      FloatVector t5 = FloatVector.fromArray(FLOATS, inputs, x + 5 * COUNT);
      r5 = t5.fma(q, r5.reinterpretAsFloats()).reinterpretAsInts();
      l5 = r5.min(l5);
      h5 = r5.max(h5);
      FloatVector t6 = FloatVector.fromArray(FLOATS, inputs, x + 6 * COUNT);
      r6 = t6.fma(q, r6.reinterpretAsFloats()).reinterpretAsInts();
      l6 = r6.min(l6);
      h6 = r6.max(h6);
      FloatVector t7 = FloatVector.fromArray(FLOATS, inputs, x + 7 * COUNT);
      r7 = t7.fma(q, r7.reinterpretAsFloats()).reinterpretAsInts();
      l7 = r7.min(l7);
      h7 = r7.max(h7);
    }
    r0.intoArray(bits, at);
    l0.intoArray(lows, at);
    h0.intoArray(highs, at);
    r1.intoArray(bits, at + COUNT);
    l1.intoArray(lows, at + COUNT);
    h1.intoArray(highs, at + COUNT);
    r2.intoArray(bits, at + 2 * COUNT);
    l2.intoArray(lows, at + 2 * COUNT);
    h2.intoArray(highs, at + 2 * COUNT);
    r3.intoArray(bits, at + 3 * COUNT);
    l3.intoArray(lows, at + 3 * COUNT);
    h3.intoArray(highs, at + 3 * COUNT);
    r4.intoArray(bits, at + 4 * COUNT);
    l4.intoArray(lows, at + 4 * COUNT);
    h4.intoArray(highs, at + 4 * COUNT);
    r5.intoArray(bits, at + 5 * COUNT);
    l5.intoArray(lows, at + 5 * COUNT);
    h5.intoArray(highs, at + 5 * COUNT);
    r6.intoArray(bits, at + 6 * COUNT);
    l6.intoArray(lows, at + 6 * COUNT);
    h6.intoArray(highs, at + 6 * COUNT);
    r7.intoArray(bits, at + 7 * COUNT);
    l7.intoArray(lows, at + 7 * COUNT);
    h7.intoArray(highs, at + 7 * COUNT);
  }
}
