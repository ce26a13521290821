package dev.narrows.core.accumulator;

/**
 * A register for float operands: one that takes products one by one ({@link FloatingAccumulator}),
 * or one that takes them in groups ({@link FusedAccumulator}).
 */
public sealed interface FloatAccumulator extends Accumulator
    permits FloatingAccumulator, FusedAccumulator {
  @Override
  default boolean takesIntegers() {
    return false;
  }

  @Override
  default boolean takesFloats() {
    return true;
  }

  /** m, the explicit mantissa bits of the register. */
  int mantissaBits();

  /**
   * ε = 2^−m of the register: a step is swamped if it moves it by less than ε times the product.
   */
  default float epsilon() {
    return Math.scalb(1f, -mantissaBits());
  }
}
