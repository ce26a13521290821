package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Output;

/**
 * An exact integer in units of 2^{@code exponent}: what a group of products comes to before it is
 * put into the register.
 */
record AlignedSum(long digits, int exponent) {
  /**
   * What a register holds of it.
   *
   * @param cut whether bits were lost
   */
  record Held(float value, boolean cut) {}

  static AlignedSum added(AlignedSum one, AlignedSum other) {
    int unit = Math.max(one.exponent, other.exponent);
    return new AlignedSum(
        downwards(one.digits, one.exponent - unit) + downwards(other.digits, other.exponent - unit),
        unit);
  }

  /** digits · 2^left, 0 where all of it is shifted out. */
  static long shifted(long digits, int left) {
    return left > Long.SIZE - 1 ? 0 : digits << left;
  }

  /** digits · 2^shift without its fraction. */
  static long towardZero(long digits, int shift) {
    long magnitude = Math.abs(digits);
    long kept = shift >= 0 ? magnitude << shift : magnitude >> Math.min(-shift, Long.SIZE - 1);
    return digits < 0 ? -kept : kept;
  }

  /** ⌊digits · 2^shift⌋. */
  static long downwards(long digits, int shift) {
    return shift >= 0 ? digits << shift : digits >> Math.min(-shift, Long.SIZE - 1);
  }

  /** In the register of matrix hardware. */
  Held heldIn(FusedAccumulator register) {
    Output output = register.output();
    long magnitude = Math.abs(digits);
    int top = Long.SIZE - 1 - Long.numberOfLeadingZeros(magnitude) + exponent;
    int unit = Math.max(top, output.leastExponent()) - output.mantissaBits();
    int shift = unit - exponent;
    if (magnitude == 0 || shift <= 0) {
      return held(output, magnitude, exponent, false);
    }
    long kept = magnitude >> Math.min(shift, Long.SIZE - 1);
    long rest = magnitude - shifted(kept, shift);
    if (register.roundsToNearest() && shift < Long.SIZE - 1) {
      long half = 1L << (shift - 1);
      kept += rest > half || rest == half && (kept & 1) == 1 ? 1 : 0;
    }
    return held(output, kept, unit, rest != 0);
  }

  private Held held(Output output, long kept, int unit, boolean cut) {
    double magnitude = Math.scalb((double) kept, unit); // of at most 24 bits
    float value = magnitude > output.largest() ? Float.POSITIVE_INFINITY : (float) magnitude;
    return new Held(kept == 0 ? 0f : digits < 0 ? -value : value, cut);
  }
}
