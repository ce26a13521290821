package dev.narrows.kernels;

import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.floating.FloatMultiplication;
import dev.narrows.kernels.floating.FloatProductSlice;
import java.util.Set;

/**
 * The dot products of one group of output channels of float weights with any block of columns:
 * output (c, j) is what {@link FloatDot#sum} gives for weights[c] and column j, bit for bit, or
 * what {@link FloatDot#exact} gives under an exact {@link Summation}.
 *
 * <p>Thread-safe, and its results depend on nothing but the weights; a {@link FloatColumns} belongs
 * to one thread at a time.
 */
public final class FloatProduct {
  private final FloatWeights weights;
  private final FloatMultiplication multiplication;

  /** Products with these weights, which may be shared. */
  public FloatProduct(FloatWeights weights) {
    this.weights = weights;
    this.multiplication = new FloatMultiplication(weights.matrix());
  }

  /** The weights of all channels. */
  public FloatWeights weights() {
    return weights;
  }

  /**
   * Sums every channel over every column into {@code out[outOffset + c * outStride + j]}.
   *
   * @param summation a floating-point register, or exact in any order
   * @throws IllegalArgumentException if the shapes do not agree
   * @throws OperandException if the register is for integers
   * @throws ArithmeticException if a product, or an exact sum, is not a number and the register
   *     cannot hold that
   */
  public void multiply(
      Summation summation, FloatColumns x, float[] out, int outOffset, int outStride) {
    multiplication.multiply(summation, whole(x, out, outOffset, outStride));
  }

  /**
   * {@link #multiply}, counting what happened in the registers; an exact sum has no events.
   *
   * @return of all channels and columns
   */
  public FloatEvents count(
      Summation summation, FloatColumns x, float[] out, int outOffset, int outStride) {
    return multiplication.count(summation, whole(x, out, outOffset, outStride));
  }

  /**
   * Adds the gradients of the products that pass the masks, by the walk that {@link #multiply}
   * makes: {@code weightGradients[c * K + k] += g · x} and {@code inputGradients[k * stride + j] +=
   * g · w}, summed in binary32 in an order of the implementation's own.
   *
   * @param summation a floating-point register, sequential, reversed or chunked
   * @param epsilon of {@link GradientMask#IMMEDIATE_DIFF}
   * @param g the gradient of output (c, j), at {@code gOffset + c * gStride + j}
   * @param weightGradients [channels][K]
   * @param inputGradients laid out as {@link FloatColumns#values}
   * @throws IllegalArgumentException if the shapes do not agree, or the order is another
   * @throws ArithmeticException if an operand is infinite or not a number
   */
  public void backward(
      Summation summation,
      Set<GradientMask> masks,
      float epsilon,
      FloatColumns x,
      float[] g,
      int gOffset,
      int gStride,
      float[] weightGradients,
      float[] inputGradients) {
    FloatProductSlice slice = whole(x, g, gOffset, gStride);
    multiplication.backward(summation, masks, epsilon, slice).run(weightGradients, inputGradients);
  }

  FloatMultiplication multiplication() {
    return multiplication;
  }

  private FloatProductSlice whole(FloatColumns x, float[] out, int offset, int stride) {
    return multiplication.whole(x.panels(), out, offset, stride);
  }
}
