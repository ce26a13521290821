package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerFormat;

/**
 * Scales and zero points for a range of real values. A range that is only 0 gets scale 1: every
 * value is then the code of 0, whatever the scale.
 */
public final class Quantizers {
  private Quantizers() {}

  /**
   * Affine over the whole format: min and max (0 included) go to the format's ends, up to the
   * rounding of the zero point.
   */
  public static Quantization affine(ValueRange range, IntegerFormat format) {
    ValueRange wide = range.withZero();
    double scale = (wide.max() - wide.min()) / (format.max() - format.min());
    if (scale == 0) {
      return new Quantization(format, 1, 0);
    }
    double zero = Math.rint(format.min() - wide.min() / scale);
    return new Quantization(format, scale, Math.toIntExact(format.clamp((long) zero)));
  }

  /**
   * Zero point 0, and [−absMax, absMax] onto [−(2^(W−1) − 1), 2^(W−1) − 1].
   *
   * @param absMax finite, not negative
   * @param bits W, at least 2, as one bit holds nothing but −1 and 0
   */
  public static Quantization symmetric(double absMax, int bits) {
    requireBits(bits);
    if (!(absMax >= 0) || Double.isInfinite(absMax)) {
      throw new IllegalArgumentException(
          "largest magnitude must be finite and not negative, got " + absMax);
    }
    IntegerFormat format = IntegerFormat.signed(bits);
    double scale = absMax / format.max();
    return new Quantization(format, scale == 0 ? 1 : scale, 0);
  }

  /** For activations: unsigned from 0 where none is negative (after a ReLU), else symmetric. */
  public static Quantization activations(ValueRange range, int bits) {
    return range.min() >= 0
        ? affine(range, IntegerFormat.unsigned(bits))
        : symmetric(range.absMax(), bits);
  }

  static void requireBits(int bits) {
    if (bits < 2 || bits > 32) {
      throw new IllegalArgumentException(
          "symmetric codes need a width in [2, 32] bits, got " + bits);
    }
  }
}
