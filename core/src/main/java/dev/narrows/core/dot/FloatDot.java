package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.OperandException;
import java.util.Set;

/**
 * The reference for float operands: sums one dot product in a given order and register.
 *
 * <p>Products and sums are rounded to binary32, to nearest even, before they are quantised. Chunk
 * results are added to a total that starts from zero, by quantised additions that are steps like
 * any other.
 *
 * @see "docs/accumulators.md, Floating-point registers"
 */
public final class FloatDot {
  private FloatDot() {}

  /**
   * @param order sequential, reversed, chunked or ascending (by the magnitude of the quantised
   *     product)
   * @param weights w, [K]
   * @param inputs x, [K]
   * @throws IllegalArgumentException if the lengths differ, or floats cannot be taken in this order
   * @throws ArithmeticException if a product is not a number (an operand is not, or ∞·0) and the
   *     register cannot hold that
   */
  public static FloatOutcome sum(
      FloatAccumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    requireSameLength(weights, inputs);
    return switch (accumulator) {
      case FloatingAccumulator floating ->
          new FloatWalk(floating, order, weights, inputs).outcome();
      case FusedAccumulator fused -> new FusedWalk(fused, order, weights, inputs).outcome();
    };
  }

  /**
   * The value alone, in any accumulator of float operands.
   *
   * @throws OperandException if the accumulator takes integers only
   */
  public static float value(
      Accumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    if (accumulator instanceof FloatAccumulator register) {
      return sum(register, order, weights, inputs).value();
    }
    if (!accumulator.takesFloats()) {
      throw OperandException.needsIntegers("this dot product", accumulator);
    }
    return exact(weights, inputs);
  }

  /**
   * Whether the gradient of each product passes ([K]), by the same walk as {@link #sum}: identity
   * passes all.
   *
   * @param epsilon ε of {@link GradientMask#IMMEDIATE_DIFF}, by default {@link
   *     FloatingAccumulator#epsilon}; its comparison is made in binary32
   */
  public static boolean[] masks(
      FloatingAccumulator accumulator,
      SummationOrder order,
      float[] weights,
      float[] inputs,
      Set<GradientMask> masks,
      float epsilon) {
    requireSameLength(weights, inputs);
    return new FloatWalk(accumulator, order, weights, inputs).passes(masks, epsilon);
  }

  /**
   * What "exact" is for float operands: products are exact in binary64, their sum in index order is
   * rounded to binary64 at every step, and once to binary32 at the end. −0 becomes 0.
   *
   * @throws IllegalArgumentException if the lengths differ
   * @throws ArithmeticException if the sum is not a number
   */
  public static float exact(float[] weights, float[] inputs) {
    requireSameLength(weights, inputs);
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += (double) inputs[k] * weights[k]; // 24 + 24 significant bits: exact
    }
    if (Double.isNaN(sum)) {
      throw new ArithmeticException("the exact sum of a dot product is not a number");
    }
    return (float) sum + 0f;
  }

  private static void requireSameLength(float[] weights, float[] inputs) {
    if (weights.length != inputs.length) {
      throw new IllegalArgumentException(
          "a dot product of %d weights and %d inputs".formatted(weights.length, inputs.length));
    }
  }
}
