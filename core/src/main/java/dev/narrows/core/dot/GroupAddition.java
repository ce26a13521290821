package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;

/** How matrix hardware adds the products of some terms to its register. */
interface GroupAddition {
  /**
   * What a group came to.
   *
   * @param cuts products that lost bits
   * @param swamps products of which nothing was left
   * @param cut whether the sum lost bits
   */
  record GroupSum(float value, int cuts, int swamps, boolean cut) {}

  /**
   * Adds the products of some terms.
   *
   * @param register finite, unless additions are those of binary32
   * @param terms at most a group's, which is filled up with zeros
   * @param of finite, unless additions are those of binary32
   */
  GroupSum add(float register, int[] terms, GroupOperands of);

  /**
   * The exponent that a product brings into the alignment of its group; {@link #NOT_ALIGNED} where
   * nothing is aligned.
   */
  int exponent(int term, GroupOperands of);

  /** Below every exponent. */
  int NOT_ALIGNED = GroupTerms.NOT_ALIGNED;

  /** How a register adds them. */
  static GroupAddition of(FusedAccumulator accumulator) {
    return switch (accumulator.style()) {
      case FUSED, FLOORED, FLOORED_PAIRS -> new FusedGroup(accumulator);
      case BLOCKS -> new BlockGroup(accumulator);
      case PAIRWISE, PAIRWISE_FLUSHED -> new PairwiseGroup(accumulator);
    };
  }
}
