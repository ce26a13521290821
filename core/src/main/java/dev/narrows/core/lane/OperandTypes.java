package dev.narrows.core.lane;

import dev.narrows.core.format.IntegerFormat;

/**
 * What a reduction's first instruction multiplies.
 *
 * @param a of the first operand: activations, unless a kernel swaps them
 * @param b of the second operand: weights
 */
public record OperandTypes(IntegerFormat a, IntegerFormat b) {
  /** The text form, such as {@code u8*s8}. */
  @Override
  public String toString() {
    return text(a) + "*" + text(b);
  }

  private static String text(IntegerFormat format) {
    return (format.signed() ? "s" : "u") + format.bits();
  }
}
