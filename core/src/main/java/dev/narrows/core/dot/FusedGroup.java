package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Output;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;

/**
 * One group of products added to a register of matrix hardware, in exact integers.
 *
 * <p>A float is an integer d and an exponent e: d·2^(e − f), |d| below 2^(f+1). e is the float's
 * own exponent, but at least the least of its format; of zero it is −126, whatever the format, so
 * that a zero whose partner is very large may cut others.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class FusedGroup implements GroupAddition {
  private static final int OF_ZERO = -126;

  /** Below every exponent of a product: where there is none, it is as if both operands were 0. */
  private static final int NONE = 2 * OF_ZERO;

  private static final int BINARY32 = 23; // mantissa bits

  private final FusedAccumulator accumulator;
  private final OperandFormat operands;
  private final int fraction; // of operands
  private int scaling; // exponent of what all products of a group are multiplied by
  private int cuts;
  private int swamps;

  FusedGroup(FusedAccumulator accumulator) {
    this.accumulator = accumulator;
    this.operands = accumulator.operands();
    this.fraction = operands.mantissaBits();
  }

  @Override
  public GroupSum add(float register, int[] terms, GroupOperands of) {
    scaling = terms.length == 0 ? 0 : of.exponent(terms[0]);
    cuts = 0;
    swamps = 0;
    return accumulator.style() == Style.FUSED
        ? fused(register, terms, of.weights(), of.inputs())
        : floored(register, terms, of.weights(), of.inputs());
  }

  @Override
  public int exponent(int term, GroupOperands of) {
    return exponent(of.weights()[term], operands.leastExponent())
        + exponent(of.inputs()[term], operands.leastExponent())
        + of.exponent(term);
  }

  private GroupSum fused(float register, int[] terms, float[] weights, float[] inputs) {
    int least = accumulator.output().leastExponent();
    int bits = accumulator.output() == Output.FP16 ? Output.FP16.mantissaBits() : BINARY32;
    int ofRegister = exponent(register, least);
    int largest = ofRegister;
    for (int k : terms) {
      largest = Math.max(largest, exponent(weights[k], inputs[k]));
    }
    int unit = largest - accumulator.fraction();
    long sum = AlignedSum.towardZero(digits(register, ofRegister, bits), ofRegister - bits - unit);
    for (int k : terms) {
      sum += product(weights[k], inputs[k], unit);
    }
    return rounded(new AlignedSum(sum, unit));
  }

  /** AMD's CDNA3. */
  private GroupSum floored(float register, int[] terms, float[] weights, float[] inputs) {
    float beyond = 0;
    for (int k : terms) {
      double product = (double) weights[k] * inputs[k];
      if (Math.abs(product) >= 0x1p128) {
        beyond += product > 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      }
    }
    if (beyond != 0) { // NaN where both signs are
      return new GroupSum(beyond, 0, 0, false);
    }
    boolean pairs = accumulator.style() == Style.FLOORED_PAIRS;
    AlignedSum products =
        pairs
            ? AlignedSum.added(
                products(terms, 0, 2, weights, inputs), products(terms, 1, 2, weights, inputs))
            : products(terms, 0, 1, weights, inputs);
    int ofRegister = exponent(register, Float.MIN_EXPONENT);
    int ofProducts = products.exponent() + accumulator.fraction();
    int largest = Math.max(ofProducts, ofRegister);
    int unit = largest - Style.SUM_FRACTION;
    long sum = AlignedSum.downwards(products.digits(), products.exponent() - unit);
    if (!pairs || ofRegister >= largest - 25) {
      int coarse = largest - Style.REGISTER_FRACTION;
      long held =
          AlignedSum.downwards(
              digits(register, ofRegister, BINARY32), ofRegister - BINARY32 - coarse);
      sum += held << (coarse - unit);
    }
    return rounded(new AlignedSum(sum, unit));
  }

  /** Every {@code step}-th product, cut toward zero at the largest exponent of them. */
  private AlignedSum products(int[] terms, int from, int step, float[] weights, float[] inputs) {
    int largest = NONE;
    for (int i = from; i < terms.length; i += step) {
      largest = Math.max(largest, exponent(weights[terms[i]], inputs[terms[i]]));
    }
    int unit = largest - accumulator.fraction();
    long sum = 0;
    for (int i = from; i < terms.length; i += step) {
      sum += product(weights[terms[i]], inputs[terms[i]], unit);
    }
    return new AlignedSum(sum, unit);
  }

  private int exponent(float weight, float input) {
    return exponent(weight, operands.leastExponent())
        + exponent(input, operands.leastExponent())
        + scaling;
  }

  private static int exponent(float value, int least) {
    return value == 0 ? OF_ZERO : Math.max(Math.getExponent(value), least);
  }

  /** d of a value that is a multiple of 2^(exponent − fraction). */
  private static long digits(float value, int exponent, int fraction) {
    return (long) Math.scalb((double) value, fraction - exponent);
  }

  /** A product in multiples of 2^unit. */
  private long product(float weight, float input, int unit) {
    int ofWeight = exponent(weight, operands.leastExponent());
    int ofInput = exponent(input, operands.leastExponent());
    long exact = digits(weight, ofWeight, fraction) * digits(input, ofInput, fraction);
    int shift = ofWeight + ofInput + scaling - 2 * fraction - unit;
    long kept = AlignedSum.towardZero(exact, shift);
    cuts += shift < 0 && AlignedSum.shifted(kept, -shift) != exact ? 1 : 0;
    swamps += exact != 0 && kept == 0 ? 1 : 0;
    return kept;
  }

  /** What the register holds of a sum. */
  private GroupSum rounded(AlignedSum sum) {
    AlignedSum.Held held = sum.heldIn(accumulator);
    return new GroupSum(held.value(), cuts, swamps, held.cut());
  }
}
