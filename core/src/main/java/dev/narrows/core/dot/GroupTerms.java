package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a register of matrix hardware adds up of one dot product: the products of its operands as
 * the multipliers take them, rounded to their format and scaled.
 *
 * @param products exact in binary64, [K]; NaN or infinite where operands are
 * @param alignment the largest exponent that any of them brings into the alignment of a group, that
 *     of a zero included; {@link #NOT_ALIGNED} where nothing is aligned
 * @param divisor what the register is divided by at the end, positive
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
public record GroupTerms(double[] products, int alignment, double divisor) {
  /** No exponent of a binary64 number is so small. */
  public static final int NOT_ALIGNED = -10_000;

  /**
   * Those of a dot product in index order. In another order they are the same, unless operands are
   * scaled by blocks: then in every order that keeps each block's operands together, from a
   * multiple of the block's size on.
   *
   * @param weights w, [K]
   * @param inputs x, [K]
   */
  public static GroupTerms of(FusedAccumulator accumulator, float[] weights, float[] inputs) {
    FloatSequence sequence = FloatSequence.of(IntStream.range(0, weights.length));
    GroupOperands operands = GroupOperands.of(accumulator, sequence, weights, inputs);
    GroupAddition addition = GroupAddition.of(accumulator);
    double[] products = new double[weights.length];
    int alignment = GroupAddition.NOT_ALIGNED;
    for (int k = 0; k < products.length; k++) {
      products[k] = operands.product(k);
      alignment = Math.max(alignment, addition.exponent(k, operands));
    }
    return new GroupTerms(products, alignment, operands.divisor());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupTerms that
        && Arrays.equals(products, that.products)
        && alignment == that.alignment
        && divisor == that.divisor;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(products) + alignment;
  }

  @Override
  public String toString() {
    return "GroupTerms[products=%s, alignment=%d, divisor=%s]"
        .formatted(Arrays.toString(products), alignment, divisor);
  }
}
