package dev.narrows.hardware.c.sum;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.dot.SummationOrder;

/** How the value of a register is made from the terms of a dot product. */
public sealed interface SumForm {
  /** As the exact sum: it is one, because no input overflows the register. In any order. */
  record Regrouped() implements SumForm {}

  /** As the exact sum modulo 2^bits: a register that wraps gives it in any order. */
  record Wrapped(int bits) implements SumForm {}

  /** As the exact sum clamped to a register of these bits, in any order. */
  record Clamped(int bits) implements SumForm {}

  /**
   * Term by term, in the register's own order.
   *
   * @param outerBits the register that adds the sums of chunks
   * @param chunk terms of a chunk; 0 where there are no chunks
   * @param reversed whether the last term comes first
   */
  record Stepwise(Accumulator register, int outerBits, int chunk, boolean reversed)
      implements SumForm {}

  /** Why C cannot make the sums of an order. */
  static String refusal(SummationOrder order) {
    return "the order " + order + " depends on the terms and no certificate makes it irrelevant";
  }
}
