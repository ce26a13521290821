package dev.narrows.experiments.order;

import dev.narrows.core.order.DotOperands;
import java.util.Arrays;

/**
 * One row of a matrix with one token.
 *
 * @param weights [K]; of integers, the row's
 * @param inputs [K]; of integers, the token's codes
 * @param scale of integers: a product stands for itself times 2^{@code scale}; else 0
 */
record TokenDot(double[] weights, double[] inputs, int scale) {
  /** As integers, or the numbers of a real matrix. */
  DotOperands operands() {
    return new DotOperands(weights, inputs);
  }

  /** As numbers of the size of what they stand for. */
  DotOperands scaled() {
    return new DotOperands(
        weights, Arrays.stream(inputs).map(input -> Math.scalb(input, scale)).toArray());
  }
}
