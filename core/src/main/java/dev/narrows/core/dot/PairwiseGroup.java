package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Style;

/**
 * One group of products added as AMD's CDNA1 and CDNA2 do: in a tree of additions in binary32, each
 * to nearest even, whose result is added to the register. CDNA2 has no subnormal numbers.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class PairwiseGroup implements GroupAddition {
  private final int size;
  private final boolean flushes;
  private int cuts;
  private boolean cut;

  PairwiseGroup(FusedAccumulator accumulator) {
    this.size = accumulator.group();
    this.flushes = accumulator.style() == Style.PAIRWISE_FLUSHED;
  }

  @Override
  public GroupSum add(float register, int[] terms, GroupOperands of) {
    cuts = 0;
    cut = false;
    float products = tree(terms, 0, size, of);
    float sum = sum(register, products);
    boolean swamped = products != 0 && sum == register;
    return new GroupSum(sum, cuts, swamped ? terms.length : 0, cut);
  }

  @Override
  public int exponent(int term, GroupOperands of) {
    return NOT_ALIGNED;
  }

  /** The sum of {@code count} products, a power of two of them. */
  private float tree(int[] terms, int from, int count, GroupOperands of) {
    if (from >= terms.length) {
      return 0;
    }
    if (count > 1) {
      return sum(tree(terms, from, count / 2, of), tree(terms, from + count / 2, count / 2, of));
    }
    double exact = of.product(terms[from]);
    float product = kept((float) exact);
    cuts += product != exact ? 1 : 0;
    return product;
  }

  private float sum(float one, float other) {
    float sum = kept(one + other);
    double exact = (double) one + other;
    double part = exact - one;
    boolean rest = (one - (exact - part)) + (other - part) != 0;
    cut |= Float.isFinite(sum) && (sum != exact || rest);
    return sum;
  }

  private float kept(float value) {
    return (flushes && Math.abs(value) < Float.MIN_NORMAL ? 0 : value) + 0f;
  }
}
