package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;

/**
 * One group of products of 4-bit operands: sums of 16 of them are exact, times the significands of
 * their two scales; these and the register are cut toward zero at the largest exponent among those
 * of the scales and of the register.
 *
 * @see "docs/accumulators.md, equation (8d)"
 */
final class BlockGroup implements GroupAddition {
  private static final int OF_ZERO = -126;
  private static final int BINARY32 = 23;

  /** Fraction bits of a product of two operands. */
  private static final int PRODUCT = 2;

  /** Fraction bits of a scale: those of e4m3, and none of a power of two. */
  private static final int SCALE = OperandFormat.E4M3.mantissaBits();

  private final FusedAccumulator accumulator;
  private final int leastOfScales; // subnormal ones share it

  BlockGroup(FusedAccumulator accumulator) {
    this.accumulator = accumulator;
    this.leastOfScales =
        accumulator.scaling() == Scaling.NV
            ? OperandFormat.E4M3.leastExponent()
            : Double.MIN_EXPONENT;
  }

  @Override
  public GroupSum add(float register, int[] terms, GroupOperands of) {
    int ofRegister =
        register == 0 ? OF_ZERO : Math.max(Math.getExponent(register), Float.MIN_EXPONENT);
    int largest = ofRegister;
    for (int from = 0; from < terms.length; from += Style.BLOCK) {
      largest = Math.max(largest, exponent(terms[from], of));
    }
    int unit = largest - accumulator.fraction();
    long held = (long) Math.scalb((double) register, BINARY32 - ofRegister);
    long sum = AlignedSum.towardZero(held, ofRegister - BINARY32 - unit);
    int cuts = 0;
    int swamps = 0;
    for (int from = 0; from < terms.length; from += Style.BLOCK) {
      int count = Math.min(Style.BLOCK, terms.length - from);
      long exact = exact(of, terms, from, count);
      int shift = exponent(terms[from], of) - PRODUCT - 2 * SCALE - unit;
      long kept = AlignedSum.towardZero(exact, shift);
      cuts += shift < 0 && AlignedSum.shifted(kept, -shift) != exact ? count : 0;
      swamps += exact != 0 && kept == 0 ? count : 0;
      sum += kept;
    }
    AlignedSum.Held result = new AlignedSum(sum, unit).heldIn(accumulator);
    return new GroupSum(result.value(), cuts, swamps, result.cut());
  }

  /** The sum of a block's products times the significands of its scales. */
  private long exact(GroupOperands of, int[] terms, int from, int count) {
    long products = 0;
    for (int i = from; i < from + count; i++) {
      double product = (double) of.weights()[terms[i]] * of.inputs()[terms[i]];
      products += (long) Math.scalb(product, PRODUCT);
    }
    int first = terms[from];
    return products * significand(of.weightScales()[first]) * significand(of.inputScales()[first]);
  }

  /** That of its block's scales, whatever the block's sum. */
  @Override
  public int exponent(int term, GroupOperands of) {
    return exponent(of.weightScales()[term]) + exponent(of.inputScales()[term]);
  }

  private int exponent(float scale) {
    return scale == 0 ? OF_ZERO : Math.max(Math.getExponent((double) scale), leastOfScales);
  }

  private long significand(float scale) {
    return (long) Math.scalb((double) scale, SCALE - exponent(scale));
  }
}
