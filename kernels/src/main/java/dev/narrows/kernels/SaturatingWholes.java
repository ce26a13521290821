package dev.narrows.kernels;

import static dev.narrows.kernels.Lanes.COUNT;
import static dev.narrows.kernels.Lanes.INTS;

import dev.narrows.core.format.Widths;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Registers of 2 to 32 bits that saturate, in integer lanes.
 *
 * <p>Right if every product fits 32 bits. A sum that leaves 32 bits is recognised by its sign,
 * unlike those of both summands, and replaced by the end of the range that it left by.
 */
final class SaturatingWholes implements Registers {
  private final int[] weights;
  private final int[] row;
  private final int[] inputs;
  private final int[] registers;
  private final int low;
  private final int high;

  SaturatingWholes(int width, int[] weights, int[] row, int[] inputs, int[] registers) {
    this.weights = weights;
    this.row = row;
    this.inputs = inputs;
    this.registers = registers;
    this.low = (int) Widths.min(width);
    this.high = (int) Widths.max(width);
  }

  @Override
  public void load(int at, int value) {
    Arrays.fill(registers, at, at + Lanes.PANEL, Math.clamp(value, low, high));
  }

  @Override
  public void read(int at, int[] target, int targetAt, int width) {
    System.arraycopy(registers, at, target, targetAt, width);
  }

  @Override
  public void add(int from, int to, int base, int at) {
    for (int tile = 0; tile < Lanes.PANEL; tile += 4 * COUNT) {
      tile(weights, row, from, to, inputs, base + tile, registers, at + tile, low, high);
    }
  }

  private static void tile(
      int[] weights,
      int[] row,
      int from,
      int to,
      int[] inputs,
      int base,
      int[] registers,
      int at,
      int low,
      int high) {
    IntVector least = IntVector.broadcast(INTS, low);
    IntVector most = IntVector.broadcast(INTS, high);
    IntVector top = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    IntVector r0 = IntVector.fromArray(INTS, registers, at);
    IntVector r1 = IntVector.fromArray(INTS, registers, at + COUNT);
    IntVector r2 = IntVector.fromArray(INTS, registers, at + 2 * COUNT);
    IntVector r3 = IntVector.fromArray(INTS, registers, at + 3 * COUNT);
    for (int i = from; i < to; i++) {
      IntVector q = IntVector.broadcast(INTS, weights[i]);
      int x = base + row[i];
      IntVector t0 = IntVector.fromArray(INTS, inputs, x).mul(q);
      IntVector s0 = t0.add(r0);
      IntVector o0 = s0.lanewise(VectorOperators.XOR, r0).and(s0.lanewise(VectorOperators.XOR, t0));
      IntVector e0 = r0.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.XOR, top);
      r0 = s0.blend(e0, o0.compare(VectorOperators.LT, 0)).max(least).min(most);
      IntVector t1 = IntVector.fromArray(INTS, inputs, x + COUNT).mul(q);
      IntVector s1 = t1.add(r1);
      IntVector o1 = s1.lanewise(VectorOperators.XOR, r1).and(s1.lanewise(VectorOperators.XOR, t1));
      IntVector e1 = r1.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.XOR, top);
      r1 = s1.blend(e1, o1.compare(VectorOperators.LT, 0)).max(least).min(most);
      IntVector t2 = IntVector.fromArray(INTS, inputs, x + 2 * COUNT).mul(q);
      IntVector s2 = t2.add(r2);
      IntVector o2 = s2.lanewise(VectorOperators.XOR, r2).and(s2.lanewise(VectorOperators.XOR, t2));
      IntVector e2 = r2.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.XOR, top);
      r2 = s2.blend(e2, o2.compare(VectorOperators.LT, 0)).max(least).min(most);
      IntVector t3 = IntVector.fromArray(INTS, inputs, x + 3 * COUNT).mul(q);
      IntVector s3 = t3.add(r3);
      IntVector o3 = s3.lanewise(VectorOperators.XOR, r3).and(s3.lanewise(VectorOperators.XOR, t3));
      IntVector e3 = r3.lanewise(VectorOperators.ASHR, 31).lanewise(VectorOperators.XOR, top);
      r3 = s3.blend(e3, o3.compare(VectorOperators.LT, 0)).max(least).min(most);
    }
    r0.intoArray(registers, at);
    r1.intoArray(registers, at + COUNT);
    r2.intoArray(registers, at + 2 * COUNT);
    r3.intoArray(registers, at + 3 * COUNT);
  }
}
