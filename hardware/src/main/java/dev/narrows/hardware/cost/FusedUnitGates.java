package dev.narrows.hardware.cost;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;

/**
 * Two-input gates of a unit that adds a group of products to a register at one exponent, added up
 * from its parts as {@link FloatUnitGates} does. See docs/hardware.md, equations (20a) to (20g).
 *
 * @param group g, products at once
 * @param operandMantissa fraction bits of both operands
 * @param operandExponent exponent bits of both operands
 * @param fraction F, fraction bits to which all are shifted
 * @param exponent exponent bits of the register
 * @param mantissa fraction bits of the register
 * @param rounding whether the register is rounded to nearest; else truncated
 */
public record FusedUnitGates(
    int group,
    int operandMantissa,
    int operandExponent,
    int fraction,
    int exponent,
    int mantissa,
    boolean rounding) {
  private static final int FULL_ADDER = 7;
  private static final int HALF_ADDER = 3;
  private static final int SELECT = 3;
  private static final int AND = 1;

  /**
   * The unit of a register.
   *
   * @throws IllegalArgumentException if its products are not cut together with the register
   */
  public static FusedUnitGates of(FusedAccumulator register) {
    if (register.style() != Style.FUSED) {
      throw new IllegalArgumentException(
          "gates are known of registers of the form fused(g,F), got " + register);
    }
    return new FusedUnitGates(
        register.group(),
        register.operands().mantissaBits(),
        exponentBits(register.operands()),
        register.fraction(),
        register.bits() - 1 - register.mantissaBits(),
        register.mantissaBits(),
        register.roundsToNearest());
  }

  /** Exponents from the least to the largest, and one code for what is below. */
  private static int exponentBits(OperandFormat format) {
    int exponents = Math.getExponent(format.largest()) - format.leastExponent() + 2;
    return log2(exponents);
  }

  /** g multipliers. */
  public int multipliers() {
    return group * (operandMantissa + 1) * (operandMantissa + 1) * (AND + FULL_ADDER);
  }

  /** g sums of two exponents. */
  public int exponentAdders() {
    return group * (operandExponent + 1) * FULL_ADDER;
  }

  /** The largest of g + 1 exponents: g comparisons and choices. */
  public int largestExponent() {
    return group * exponentWidth() * (FULL_ADDER + SELECT);
  }

  /** How far each of g + 1 is shifted, and the shift. */
  public int alignment() {
    int width = fraction + 2;
    return (group + 1) * (exponentWidth() * FULL_ADDER + width * log2(width) * SELECT);
  }

  /** g additions as wide as the sum. */
  public int adders() {
    return group * sumWidth() * FULL_ADDER;
  }

  /** Sign and magnitude, the leading one and its shift. */
  public int normalisation() {
    int width = sumWidth();
    int steps = log2(width);
    return width * HALF_ADDER + 2 * width * AND + steps * steps + width * steps * SELECT;
  }

  /** The register's exponent, and its mantissa where it is rounded. */
  public int output() {
    return (exponent + 1) * FULL_ADDER + (rounding ? (mantissa + 1) * HALF_ADDER : 0);
  }

  /** Bits of an exponent that a product or the register may have, sign included. */
  private int exponentWidth() {
    return Math.max(exponent, operandExponent + 1) + 1;
  }

  /** Bits of the sum: a sign, two before the point for each product, and carries. */
  private int sumWidth() {
    return 1 + 2 + fraction + log2(group + 1);
  }

  private static int log2(int size) {
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }

  /** All parts. */
  public int gates() {
    return multipliers()
        + exponentAdders()
        + largestExponent()
        + alignment()
        + adders()
        + normalisation()
        + output();
  }

  /** The same for each product. */
  public int gatesPerProduct() {
    return Math.ceilDiv(gates(), group);
  }
}
