package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerFormat;

/**
 * How the stored codes of a tensor read: real value = scale · (code − zeroPoint).
 *
 * @param format the type of the codes
 * @param scale finite and positive
 * @param zeroPoint the code of real 0; inside the format's range
 */
public record Quantization(IntegerFormat format, double scale, int zeroPoint) {
  public Quantization {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale must be finite and positive, got " + scale);
    }
    if (zeroPoint < format.min() || zeroPoint > format.max()) {
      throw new IllegalArgumentException(
          "zero point must be in [%d, %d], got %d"
              .formatted(format.min(), format.max(), zeroPoint));
    }
  }

  /** The code of {@code real}: rounded half to even, then clamped; NaN is refused. */
  public long quantize(double real) {
    if (Double.isNaN(real)) {
      throw new IllegalArgumentException("cannot quantize NaN");
    }
    double code = Math.rint(real / scale) + zeroPoint;
    return (long) Math.clamp(code, (double) format.min(), (double) format.max());
  }

  /** The real value of {@code code}. */
  public double dequantize(long code) {
    return scale * (code - zeroPoint);
  }
}
