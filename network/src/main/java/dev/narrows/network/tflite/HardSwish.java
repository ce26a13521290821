package dev.narrows.network.tflite;

import dev.narrows.core.quantize.FixedPoint;

/**
 * x · min(max(x + 3, 0), 6) / 6 of 8-bit values in 16-bit fixed point, as TFLite has it: the value
 * in the output's scale times (x / 3 + 1) / 2, which saturates in [0, 1].
 *
 * @param output factor from the value with 7 bits more to the output's units, its shift left for
 *     the end
 * @param gate factor from the same to units of 3/32768
 */
record HardSwish(Factor output, Factor gate) {
  private static final int MORE_BITS = 7;

  /** A multiplier of 16 bits, and a power of two. */
  private record Factor(int multiplier, int shift) {
    static Factor of(float real) {
      FixedPoint factor = FixedPoint.fromReal(real);
      int rounded = (int) (((long) factor.multiplier() + (1 << 15)) >> 16);
      return new Factor(Math.min(rounded, Short.MAX_VALUE), factor.shift());
    }
  }

  /**
   * The function between two scales.
   *
   * @throws Unsupported if the output's scale is so fine that it would take a left shift
   */
  static HardSwish of(float from, float to) throws Unsupported {
    float fine = (1 / 128f) * from;
    Factor output = Factor.of(fine / to);
    if (output.shift() > 0) {
      throw new Unsupported("a scale %s times the output's".formatted(from / to));
    }
    return new HardSwish(output, Factor.of(fine / (3 / 32768f)));
  }

  /** The output's code of an input's value; the zero point is added in 16 bits. */
  int code(int value, int zeroPoint) {
    return (short) (apply(value) + zeroPoint);
  }

  /** The output's value of an input's value. */
  private int apply(int value) {
    int fine = value << MORE_BITS;
    int scaled = high(fine, output.multiplier());
    int opened = fine;
    int left = gate.shift();
    if (left > 0) {
      opened = saturate((long) opened << (left - 1));
    }
    opened = high(opened, gate.multiplier());
    if (left > 0) {
      opened = saturate((long) opened << 1);
    } else {
      opened = divided(opened, -left);
    }
    int open = (opened + (1 << 15)) >> 1;
    int product = open * scaled / (1 << 15); // toward zero: takes back what rounding up added
    return divided(product, -output.shift());
  }

  /**
   * gemmlowp's {@code RoundingDivideByPOT} of 16-bit integers. From 2^16 on its mask of the bits
   * shifted out is −1 in 16 bits, so that negative values become −1 and all others, 0 too, 1.
   */
  private static int divided(int value, int exponent) {
    return exponent < Short.SIZE
        ? FixedPoint.roundingDivideByPowerOfTwo(value, exponent)
        : value < 0 ? -1 : 1;
  }

  /** ⌊a·b / 2^15 + 1/2⌋; multipliers are never −2^15. */
  private static int high(int a, int b) {
    return (a * b + (1 << 14)) >> 15;
  }

  private static int saturate(long value) {
    return (int) Math.clamp(value, (long) Short.MIN_VALUE, (long) Short.MAX_VALUE);
  }
}
