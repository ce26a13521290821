package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;

/**
 * The register one layer runs in, with every convention decided.
 *
 * @param asked as it was written, for reports
 * @param origin who decided
 */
public record LayerRegister(
    String layer,
    Accumulator accumulator,
    SummationOrder order,
    ZeroPointConvention zero,
    BiasPlacement bias,
    Summation asked,
    Origin origin) {
  /** Who decided a layer's register. */
  public enum Origin {
    /** The run's register for all layers. */
    BASE,
    /** The layer's operands: the run's register is for others, so it is exact. */
    OTHER_OPERANDS,
    /** A rule with wildcards. */
    RULE,
    /** A rule with the layer's exact name. */
    NAMED,
    /** The layer itself, which is pinned. */
    PINNED,
    /** Pooling, exact unless named. */
    POOLING
  }

  /**
   * Whether a zero point's correction is added in the register itself, so that it can change what
   * the register holds.
   */
  public boolean correctsInside() {
    return zero == ZeroPointConvention.RAW && accumulator instanceof Wrapping;
  }

  /**
   * A sum under the raw convention with its zero-point correction: modulo 2^P in a wrapping
   * register, else in a wide adder.
   *
   * @param sum the register at the end
   * @param correction −z·Σq
   * @throws ArithmeticException if the result leaves 64 bits
   */
  long correct(long sum, long correction) {
    return accumulator instanceof Wrapping wrapping
        ? finalRegister(wrapping).add(sum, correction)
        : Math.addExact(sum, correction);
  }

  private Wrapping finalRegister(Wrapping inner) {
    return order.outerBits().isPresent() ? inner.withBits(order.outerBits().getAsInt()) : inner;
  }
}
