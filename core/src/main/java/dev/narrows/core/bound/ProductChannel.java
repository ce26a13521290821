package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;

/**
 * Dot products of two activations, K terms x·y with x in [a, b] and y in [c, d] independent of each
 * other; no bias.
 *
 * <p>A product of two ranges is extreme at a corner, because it is linear in each factor, and every
 * corner is reached. So every term lies in T = [min, max] of ac, ad, bc, bd; the sign sums are K ·
 * max(0, max T) and K · min(0, min T), and both are reached. (Derived here; checked against all
 * operands of small cases.)
 *
 * @param terms K
 * @param inputs [a, b], of the left operand as the register sees it
 * @param right [c, d], of the right operand as the register sees it
 */
public record ProductChannel(int terms, IntegerRange inputs, IntegerRange right)
    implements ChannelTerms {
  /**
   * T, the range of one term.
   *
   * @throws ArithmeticException if a term could leave 64 bits
   */
  public IntegerRange products() {
    long ac = Math.multiplyExact(inputs.min(), right.min());
    long ad = Math.multiplyExact(inputs.min(), right.max());
    long bc = Math.multiplyExact(inputs.max(), right.min());
    long bd = Math.multiplyExact(inputs.max(), right.max());
    return new IntegerRange(
        Math.min(Math.min(ac, ad), Math.min(bc, bd)), Math.max(Math.max(ac, ad), Math.max(bc, bd)));
  }

  @Override
  public long preload() {
    return 0;
  }

  /** K · max|y|. */
  @Override
  public long norm() {
    return Math.multiplyExact(terms, Math.max(Math.abs(right.min()), Math.abs(right.max())));
  }

  @Override
  public int weightBits() {
    return Widths.of(right.min(), right.max());
  }
}
