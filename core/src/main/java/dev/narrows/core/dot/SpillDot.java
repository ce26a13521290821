package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Spilling;

/**
 * The reference of spilling registers: sums one dot product and counts the spills.
 *
 * @see "docs/accumulators.md, Spilling registers"
 */
public final class SpillDot {
  private SpillDot() {}

  /**
   * @param terms the K products in flattening order; |term| &lt; 2^62
   * @param preload initial value of the narrow register: 0, or a preloaded bias; one that does not
   *     fit is a spill
   */
  public static SpillOutcome sum(
      Spilling register, SummationOrder order, long[] terms, long preload) {
    return SpillWalk.of(register, order, terms, preload);
  }
}
