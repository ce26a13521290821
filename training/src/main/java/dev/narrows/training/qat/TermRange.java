package dev.narrows.training.qat;

import dev.narrows.core.format.Widths;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.Node.DotNode;

/**
 * What the terms of a node's sums can be, by their data types alone.
 *
 * @param low at most 0
 * @param high at least 0
 * @param terms K, how many there are
 */
public record TermRange(long low, long high, int terms) {
  /** The terms of a dot layer. */
  public static TermRange of(QuantizationPlan plan, DotNode dot) {
    int weight = CodeFormat.weightLimit(plan.weightBits(dot));
    long largest = (long) weight * plan.multiplied(dot).largest();
    return new TermRange(-largest, largest, dot.terms());
  }

  /** The terms of a product of activations. */
  public static TermRange of(QuantizationPlan plan, MatMulNode product) {
    CodeFormat left = plan.multiplied(Operand.left(product));
    CodeFormat right = plan.multiplied(Operand.right(product));
    long low = Math.min((long) left.min() * right.max(), (long) left.max() * right.min());
    long high = Math.max((long) left.min() * right.min(), (long) left.max() * right.max());
    return new TermRange(low, high, product.terms(plan.model().shape(product.left())));
  }

  /** Width of the widest term. */
  public int termBits() {
    return Widths.of(low, high);
  }

  /** Width that no sum can leave. */
  public int sumBits() {
    return Widths.of(low * terms, high * terms);
  }
}
