package dev.narrows.hardware.cost;

import dev.narrows.core.format.FloatingFormat;

/**
 * Two-input gates of a floating-point multiply-add, added up from its parts: operands in one
 * format, the sum in another.
 *
 * <p>The parts are those of LBA's analysis; the constants of its table were not available to us, so
 * each part is counted as a textbook builds it. See docs/hardware.md, equations (11) to (20).
 *
 * @param operandMantissa fraction bits of both operands
 * @param operandExponent exponent bits of both operands
 * @param mantissa fraction bits m of the sum
 * @param exponent exponent bits e of the sum
 * @param rounding whether the sum is rounded to nearest, which takes an incrementer; else truncated
 * @see <a href="https://arxiv.org/abs/2401.14110">LBA, Blumenfeld et al. 2024</a>
 */
public record FloatUnitGates(
    int operandMantissa, int operandExponent, int mantissa, int exponent, boolean rounding) {
  private static final int FULL_ADDER = 7;
  private static final int HALF_ADDER = 3;
  private static final int SELECT = 3;
  private static final int AND = 1;

  /** Truncating, with operands of 4 fraction and 3 exponent bits, as LBA's. */
  public static FloatUnitGates of(FloatingFormat sum) {
    return of(sum.mantissaBits(), sum.exponentBits());
  }

  /** Truncating, with operands of 4 fraction and 3 exponent bits. */
  public static FloatUnitGates of(int mantissa, int exponent) {
    return new FloatUnitGates(4, 3, mantissa, exponent, false);
  }

  /** (m_x + 1)² partial products and as many full adders. */
  public int multiplier() {
    return (operandMantissa + 1) * (operandMantissa + 1) * (AND + FULL_ADDER);
  }

  /** Adds the exponents of the operands. */
  public int exponentAdder() {
    return (operandExponent + 1) * FULL_ADDER;
  }

  /** Difference of the exponents of product and sum. */
  public int exponentDifference() {
    return (exponent + 1) * FULL_ADDER;
  }

  /** Takes the larger exponent. */
  public int exponentChoice() {
    return exponent * SELECT;
  }

  /** Brings the significand of the smaller exponent to one side. */
  public int swap() {
    return 2 * (mantissa + 1) * SELECT;
  }

  /** Shifts it to the larger exponent. */
  public int alignment() {
    return shifter();
  }

  /** Adds the significands. */
  public int significandAdder() {
    return (mantissa + 2) * FULL_ADDER;
  }

  /** Finds the leading one: a tree over the significand. */
  public int leadingOne() {
    return (mantissa + 1) * 2 * AND + log2(mantissa + 1) * log2(mantissa + 1);
  }

  /** Shifts the leading one to its place. */
  public int normalisation() {
    return shifter();
  }

  /** Corrects the exponent. */
  public int exponentCorrection() {
    return (exponent + 1) * FULL_ADDER;
  }

  /** Rounds, where it does. */
  public int incrementer() {
    return rounding ? (mantissa + 1) * HALF_ADDER : 0;
  }

  private int shifter() {
    return (mantissa + 1) * log2(mantissa + 1) * SELECT;
  }

  private static int log2(int size) {
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }

  /** All parts. */
  public int gates() {
    return multiplier()
        + exponentAdder()
        + exponentDifference()
        + exponentChoice()
        + swap()
        + alignment()
        + significandAdder()
        + leadingOne()
        + normalisation()
        + exponentCorrection()
        + incrementer();
  }
}
