package dev.narrows.network.array;

/**
 * Numbers of floating-point types of 4 and 8 bits from their bits.
 *
 * @see <a href="https://onnx.ai/onnx/technical/float8.html">ONNX: float stored in 8 bits</a>
 */
final class SmallFloats {
  private SmallFloats() {}

  /** Four exponent bits, bias 7; no infinities, S.1111.111 is not a number. */
  static double e4m3fn(int bits) {
    return (bits & 0x7F) == 0x7F ? Double.NaN : plain(bits, 4, 3, 7);
  }

  /** Four exponent bits, bias 8; no infinities, no negative zero: its bits are not a number. */
  static double e4m3fnuz(int bits) {
    return (bits & 0xFF) == 0x80 ? Double.NaN : plain(bits, 4, 3, 8);
  }

  /** Five exponent bits, bias 15; infinities and not-a-numbers as IEEE 754. */
  static double e5m2(int bits) {
    int magnitude = bits & 0x7F;
    if (magnitude > 0x7C) {
      return Double.NaN;
    }
    if (magnitude == 0x7C) {
      return (bits & 0x80) == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return plain(bits, 5, 2, 15);
  }

  /** Five exponent bits, bias 16; no infinities, no negative zero: its bits are not a number. */
  static double e5m2fnuz(int bits) {
    return (bits & 0xFF) == 0x80 ? Double.NaN : plain(bits, 5, 2, 16);
  }

  /**
   * Two exponent bits, bias 1, one fraction bit: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives.
   */
  static double e2m1(int bits) {
    int exponent = bits >> 1 & 3;
    int fraction = bits & 1;
    double magnitude =
        exponent == 0 ? fraction * 0.5 : (1 + fraction * 0.5) * (1 << (exponent - 1));
    return (bits & 8) == 0 ? magnitude : -magnitude;
  }

  /** A power of two, 2^(bits − 127); all ones is not a number. */
  static double e8m0(int bits) {
    int exponent = bits & 0xFF;
    return exponent == 0xFF ? Double.NaN : Math.scalb(1.0, exponent - 127);
  }

  private static double plain(int bits, int exponentBits, int fractionBits, int bias) {
    int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
    int fraction = bits & (1 << fractionBits) - 1;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, 1 - bias - fractionBits)
            : Math.scalb((double) (fraction | 1 << fractionBits), exponent - bias - fractionBits);
    return (bits & 0x80) == 0 ? magnitude : -magnitude;
  }
}
