package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Output;

/**
 * How the tiles walk a channel's terms in a register of matrix hardware.
 *
 * @param terms K
 * @param group g
 * @param chunk terms between promotions to binary32; at least 1
 * @param promoted whether it is
 * @param fraction F
 * @param kept the bits of binary32 that a register holds which is cut toward zero
 */
record FusedSteps(int terms, int group, int chunk, boolean promoted, int fraction, int kept) {
  /** The exponent of zero. */
  static final short OF_ZERO = -126;

  static final int BIAS = 127;

  /** F and the bits of a fraction that {@link #cut} resolves. */
  static final int CUT_BITS = 22;

  static final int INFINITE = 0x7f80_0000;
  static final int NOT_A_NUMBER = 0x7fc0_0000;

  /** The 24 leading bits of an int. */
  static final int LEADING = -1 << 8;

  /** What rounds 13 bits of a mantissa to nearest, ties away; one more where the next is odd. */
  static final int BELOW_HALF = (1 << 12) - 1;

  static final int KEPT_OF_BINARY16 = -1 << 13;
  static final int LEAST_OF_BINARY16 = -14;
  static final int NORMAL_OF_BINARY16 = Float.floatToRawIntBits(0x1p-14f);
  static final int MOST_OF_BINARY16 = Float.floatToRawIntBits(65504f);

  /** Where floats are as far apart as binary16's subnormal numbers. */
  static final float SUBNORMAL = 0.5f;

  static FusedSteps of(FusedAccumulator accumulator, int terms, int chunk, boolean promoted) {
    int dropped = Output.FP32.mantissaBits() - accumulator.output().mantissaBits();
    return new FusedSteps(
        terms,
        accumulator.group(),
        Math.max(1, chunk),
        promoted,
        accumulator.fraction(),
        -1 << dropped);
  }

  /** The bits of −(½ − 2^(F − 22)): what is taken off a positive product before it is rounded. */
  int cut() {
    return Float.floatToRawIntBits(Math.scalb(1f, fraction - CUT_BITS) - 0.5f);
  }

  /** The least exponent of a group for which 2^(F − exponent) is a float. */
  int lowest() {
    return fraction - (BIAS - 1);
  }
}
