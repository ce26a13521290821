package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/**
 * Requantisation as in the reference kernels of LiteRT 2 for fully connected layers: the sum times
 * a scale in binary64, rounded half away from zero, converted to 32 bits, plus the zero point,
 * clamped.
 *
 * <p>A product that 32 bits cannot hold converts to −2^31, and the zero point is added modulo 2^32:
 * so LiteRT's x86-64 builds do it, although C++ leaves both undefined (Arm's conversion saturates).
 *
 * @param scales [C] or [1], finite and not negative
 * @param zeroPoint added after rounding
 * @param min smallest code
 * @param max largest code
 */
public record DoubleScale(double[] scales, int zeroPoint, int min, int max)
    implements Requantization {

  public DoubleScale {
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
  public double[] scales() {
    return scales.clone();
  }

  @Override
  public int apply(int channel, long sum) {
    double rounded = rounded(channel, sum);
    int converted = rounded == (int) rounded ? (int) rounded : Integer.MIN_VALUE;
    return Math.clamp(converted + zeroPoint, min, max);
  }

  private double rounded(int channel, long sum) {
    double product = sum * scales[scales.length == 1 ? 0 : channel];
    double whole = Math.floor(Math.abs(product));
    double rounded =
        Math.abs(product) - whole >= 0.5 ? whole + 1 : whole; // the difference is exact
    return Math.copySign(rounded, product);
  }

  @Override
  public boolean monotone(int channel, IntegerRange sums) {
    return fits(rounded(channel, sums.min())) && fits(rounded(channel, sums.max()));
  }

  private boolean fits(double rounded) {
    return rounded >= Integer.MIN_VALUE
        && rounded <= Integer.MAX_VALUE
        && rounded + zeroPoint >= Integer.MIN_VALUE
        && rounded + zeroPoint <= Integer.MAX_VALUE;
  }

  @Override
  public int channels() {
    return scales.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleScale that
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
    return "DoubleScale[scales=%s, zeroPoint=%d, min=%d, max=%d]"
        .formatted(Arrays.toString(scales), zeroPoint, min, max);
  }
}
