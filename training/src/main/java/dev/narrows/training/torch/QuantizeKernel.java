package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * q = clamp(round(x·r)) over memory, and its backward pass. One pass each way, where a chain of
 * library calls needs six.
 *
 * <p>Backward is straight-through: with t = x·r, dq/dx = r and dq/d(log₂ r) = t·ln 2 where min ≤ t
 * ≤ max, else 0.
 *
 * @see "docs/training.md, equation (10)"
 */
final class QuantizeKernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** 1.5·2^23: adding and subtracting it rounds |t| < 2^22 to an integer, ties to even. */
  private static final float ROUND = 12582912f;

  private QuantizeKernel() {}

  /** Writes codes of elements {@code from} … {@code to} − 1. */
  static void forward(
      MemorySegment x, MemorySegment codes, long from, long to, float ratio, float min, float max) {
    long at = from;
    int lanes = SPECIES.length();
    for (; at <= to - lanes; at += lanes) {
      FloatVector t =
          FloatVector.fromMemorySegment(SPECIES, x, 4 * at, ORDER).mul(ratio).max(min).min(max);
      t.add(ROUND).sub(ROUND).intoMemorySegment(codes, 4 * at, ORDER);
    }
    for (; at < to; at++) {
      float t = Math.min(max, Math.max(min, x.getAtIndex(ValueLayout.JAVA_FLOAT, at) * ratio));
      codes.setAtIndex(ValueLayout.JAVA_FLOAT, at, t + ROUND - ROUND);
    }
  }

  /**
   * Writes the gradient of x for elements {@code from} … {@code to} − 1.
   *
   * @return Σ g·t over elements inside the range: times ln 2, the gradient of log₂ r
   */
  static double backward(
      MemorySegment x,
      MemorySegment gradient,
      MemorySegment out,
      long from,
      long to,
      float ratio,
      float min,
      float max) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector sum = zero;
    long at = from;
    int lanes = SPECIES.length();
    for (; at <= to - lanes; at += lanes) {
      FloatVector t = FloatVector.fromMemorySegment(SPECIES, x, 4 * at, ORDER).mul(ratio);
      FloatVector g = FloatVector.fromMemorySegment(SPECIES, gradient, 4 * at, ORDER);
      VectorMask<Float> inside =
          t.compare(VectorOperators.GE, min).and(t.compare(VectorOperators.LE, max));
      FloatVector kept = zero.blend(g, inside);
      sum = sum.add(kept.mul(t));
      kept.mul(ratio).intoMemorySegment(out, 4 * at, ORDER);
    }
    double total = 0;
    for (int lane = 0; lane < lanes; lane++) {
      total += sum.lane(lane); // lane by lane: reduceLanes leaves the order open
    }
    for (; at < to; at++) {
      float t = x.getAtIndex(ValueLayout.JAVA_FLOAT, at) * ratio;
      float g = gradient.getAtIndex(ValueLayout.JAVA_FLOAT, at);
      boolean inside = t >= min && t <= max;
      total += inside ? g * t : 0f;
      out.setAtIndex(ValueLayout.JAVA_FLOAT, at, inside ? g * ratio : 0f);
    }
    return total;
  }
}
