package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * q = clamp(round(l·u + r·v)) over memory, for codes l and r, and its straight-through backward
 * pass.
 *
 * @see "docs/training.md, Straight-through gradients"
 */
final class AddKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** 1.5·2^23: adding and subtracting it rounds |t| < 2^22 to an integer, ties to even. */
  private static final float ROUND = 12582912f;

  private AddKernel() {}

  /** The two inputs' factors and the range of the codes. */
  record Factors(float left, float right, float min, float max) {}

  static void forward(
      MemorySegment left, MemorySegment right, MemorySegment codes, long from, long to, Factors f) {
    long at = from;
    for (; at <= to - SPECIES.length(); at += SPECIES.length()) {
      FloatVector t = load(left, at).mul(f.left()).add(load(right, at).mul(f.right()));
      t.max(f.min()).min(f.max()).add(ROUND).sub(ROUND).intoMemorySegment(codes, 4 * at, ORDER);
    }
    for (; at < to; at++) {
      float t = get(left, at) * f.left() + get(right, at) * f.right();
      codes.setAtIndex(
          ValueLayout.JAVA_FLOAT, at, Math.min(f.max(), Math.max(f.min(), t)) + ROUND - ROUND);
    }
  }

  /**
   * Writes the gradients of both inputs.
   *
   * @return Σ g·l·u and Σ g·r·v over elements inside the range
   */
  static double[] backward(
      MemorySegment left,
      MemorySegment right,
      MemorySegment gradient,
      MemorySegment leftOut,
      MemorySegment rightOut,
      long from,
      long to,
      Factors f) {
    FloatVector leftSum = FloatVector.zero(SPECIES);
    FloatVector rightSum = FloatVector.zero(SPECIES);
    long at = from;
    for (; at <= to - SPECIES.length(); at += SPECIES.length()) {
      FloatVector l = load(left, at).mul(f.left());
      FloatVector r = load(right, at).mul(f.right());
      FloatVector t = l.add(r);
      VectorMask<Float> inside =
          t.compare(VectorOperators.GE, f.min()).and(t.compare(VectorOperators.LE, f.max()));
      FloatVector g = FloatVector.zero(SPECIES).blend(load(gradient, at), inside);
      leftSum = leftSum.add(g.mul(l));
      rightSum = rightSum.add(g.mul(r));
      g.mul(f.left()).intoMemorySegment(leftOut, 4 * at, ORDER);
      g.mul(f.right()).intoMemorySegment(rightOut, 4 * at, ORDER);
    }
    double[] sums = new double[2];
    for (int lane = 0; lane < SPECIES.length(); lane++) {
      sums[0] += leftSum.lane(lane); // lane by lane: reduceLanes leaves the order open
      sums[1] += rightSum.lane(lane);
    }
    for (; at < to; at++) {
      float l = get(left, at) * f.left();
      float r = get(right, at) * f.right();
      float g = l + r >= f.min() && l + r <= f.max() ? get(gradient, at) : 0f;
      sums[0] += g * l;
      sums[1] += g * r;
      leftOut.setAtIndex(ValueLayout.JAVA_FLOAT, at, g * f.left());
      rightOut.setAtIndex(ValueLayout.JAVA_FLOAT, at, g * f.right());
    }
    return sums;
  }

  private static FloatVector load(MemorySegment memory, long at) {
    return FloatVector.fromMemorySegment(SPECIES, memory, 4 * at, ORDER);
  }

  private static float get(MemorySegment memory, long at) {
    return memory.getAtIndex(ValueLayout.JAVA_FLOAT, at);
  }
}
