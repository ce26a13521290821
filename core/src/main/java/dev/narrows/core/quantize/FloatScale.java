package dev.narrows.core.quantize;

import java.util.Arrays;

/**
 * Requantisation as in ONNX Runtime: the sum, converted to float32, times a float32 scale, rounded
 * half to even, plus the zero point, clamped.
 *
 * @param scales [C] or [1], finite and not negative
 * @param zeroPoint added after rounding
 * @param min smallest code
 * @param max largest code
 */
public record FloatScale(float[] scales, int zeroPoint, int min, int max)
    implements Requantization {

  public FloatScale {
    if (scales.length == 0) {
      throw new IllegalArgumentException("need at least one scale");
    }
    scales = scales.clone();
    for (int c = 0; c < scales.length; c++) {
      CodeLimits.requireScale(c, scales[c]);
    }
    CodeLimits.require(min, max);
  }

  /** A copy. */
  @Override
  public float[] scales() {
    return scales.clone();
  }

  /** The scale of a channel. */
  public double realMultiplier(int channel) {
    return scales[scales.length == 1 ? 0 : channel];
  }

  @Override
  public int apply(int channel, long sum) {
    float product = (float) sum * scales[scales.length == 1 ? 0 : channel];
    double code = Math.rint((double) product) + zeroPoint; // exact, or far beyond the clamp
    return (int) Math.clamp(code, (double) min, (double) max);
  }

  @Override
  public int channels() {
    return scales.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatScale that
        && Arrays.equals(scales, that.scales)
        && zeroPoint == that.zeroPoint
        && min == that.min
        && max == that.max;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(scales) * 31 + zeroPoint;
  }

  @Override
  public String toString() {
    return "FloatScale[scales=%s, zeroPoint=%d, min=%d, max=%d]"
        .formatted(Arrays.toString(scales), zeroPoint, min, max);
  }
}
