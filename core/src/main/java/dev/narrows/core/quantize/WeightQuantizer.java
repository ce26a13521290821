package dev.narrows.core.quantize;

import dev.narrows.core.format.Widths;
import java.util.Arrays;

/**
 * Weights as integers: signed, symmetric, narrow range [−(2^(W−1) − 1), 2^(W−1) − 1], one scale an
 * output channel, rounded half to even.
 *
 * @param bits W
 * @param scales [C]; 1 for a channel of zeros
 * @param codes [C][K]
 */
public record WeightQuantizer(int channels, int terms, int bits, double[] scales, int[] codes) {

  /**
   * Scales each channel so that its largest magnitude is the largest code.
   *
   * @param weights [C][K], finite
   * @param bits W, 2 … 16
   */
  public static WeightQuantizer absMax(float[] weights, int channels, int terms, int bits) {
    if (channels < 0 || terms < 0 || weights.length != (long) channels * terms) {
      throw new IllegalArgumentException(
          "%d weights are not %d channels of %d terms".formatted(weights.length, channels, terms));
    }
    double[] scales = new double[channels];
    for (int c = 0; c < channels; c++) {
      double absMax = 0;
      for (int k = 0; k < terms; k++) {
        float weight = weights[c * terms + k];
        if (!Float.isFinite(weight)) {
          throw new IllegalArgumentException(
              "channel %d, term %d: weight must be finite, got %s".formatted(c, k, weight));
        }
        absMax = Math.max(absMax, Math.abs(weight));
      }
      scales[c] = Quantizers.symmetric(absMax, bits).scale();
    }
    return withScales(weights, channels, terms, bits, scales);
  }

  /**
   * Rounds with scales found elsewhere (learned ones); what lies beyond the narrow range is clamped
   * to it.
   *
   * @param scales [C], finite and positive
   */
  public static WeightQuantizer withScales(
      float[] weights, int channels, int terms, int bits, double[] scales) {
    if (bits < 2 || bits > 16) {
      throw new IllegalArgumentException("weight width must be in [2, 16] bits, got " + bits);
    }
    int limit = (int) Widths.max(bits);
    int[] codes = new int[weights.length];
    for (int c = 0; c < channels; c++) {
      if (!(scales[c] > 0) || Double.isInfinite(scales[c])) {
        throw new IllegalArgumentException(
            "channel %d: scale must be finite and positive, got %s".formatted(c, scales[c]));
      }
      for (int k = 0; k < terms; k++) {
        double code = Math.rint(weights[c * terms + k] / scales[c]);
        if (Double.isNaN(code)) {
          throw new IllegalArgumentException(
              "channel %d, term %d: cannot quantize NaN".formatted(c, k));
        }
        codes[c * terms + k] = (int) Math.clamp(code, (double) -limit, (double) limit);
      }
    }
    return new WeightQuantizer(channels, terms, bits, scales.clone(), codes);
  }

  /** The real weights that the codes stand for, [C][K]. */
  public float[] dequantize() {
    float[] weights = new float[codes.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (scales[i / terms] * codes[i]);
    }
    return weights;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WeightQuantizer that
        && channels == that.channels
        && terms == that.terms
        && bits == that.bits
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(codes, that.codes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codes);
  }

  @Override
  public String toString() {
    return "WeightQuantizer[%d x %d, %d bits]".formatted(channels, terms, bits);
  }
}
