package dev.narrows.network.onnx.write;

import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import java.util.Arrays;

/**
 * The scales of a layer's weights in a file. ONNX has no factors: a runtime computes them as input
 * scale · weight scale / output scale, each step in binary32, as ONNX Runtime does.
 *
 * @param weights weight scales, one for all channels or one a channel
 * @param factors what the runtime makes of them, as many
 */
record FloatFactors(float[] weights, float[] factors) {
  /** Scales that are this close to those of the network's own weights are them. */
  private static final double CLOSE = 0x1p-21;

  private static final int STEPS = 8; // units in the last place that are tried

  /**
   * Scales for which a runtime's factors are a requantisation's: the weights' own scales where they
   * give them, else others.
   *
   * @param own the weights' scales, one a channel
   */
  static FloatFactors of(Requantization requantization, float input, float output, double[] own) {
    int count = requantization.channels() == 1 && same(own) ? 1 : own.length;
    float[] weights = new float[count];
    float[] factors = new float[count];
    for (int c = 0; c < count; c++) {
      double wanted = real(requantization, requantization.channels() == 1 ? 0 : c);
      boolean exact = requantization instanceof FloatScale;
      weights[c] = scale(wanted, exact, input, output, (float) own[c]);
      factors[c] = factor(input, weights[c], output);
    }
    return new FloatFactors(weights, factors);
  }

  private static float scale(double wanted, boolean exact, float input, float output, float own) {
    double made = factor(input, own, output);
    if (exact ? made == wanted : Math.abs(made - wanted) <= CLOSE * wanted) {
      return own;
    }
    float derived = (float) (wanted * output / input);
    if (!(derived >= Float.MIN_NORMAL)) {
      return Float.MIN_NORMAL; // every sum becomes the zero point
    }
    float best = derived;
    for (int i = -STEPS; i <= STEPS; i++) {
      float tried = Float.intBitsToFloat(Float.floatToIntBits(derived) + i);
      double error = Math.abs(factor(input, tried, output) - (double) (float) wanted);
      if (error < Math.abs(factor(input, best, output) - (double) (float) wanted)) {
        best = tried;
      }
    }
    if (!Float.isFinite(best)) {
      throw new CannotExpress("has a factor of " + wanted + ", beyond float32");
    }
    return best;
  }

  /** What a runtime computes. */
  static float factor(float input, float weight, float output) {
    return input * weight / output;
  }

  /** The real number that a channel's sums are multiplied with. */
  static double real(Requantization requantization, int channel) {
    return switch (requantization) {
      case FixedPointMultiplier fixed -> fixed.realMultiplier(channel);
      case FloatScale scale -> scale.realMultiplier(channel);
      case DoubleScale scale -> scale.scales()[scale.channels() == 1 ? 0 : channel];
      case ShortMultiplier factor -> {
        int at = factor.channels() == 1 ? 0 : channel;
        yield Math.scalb((double) factor.multipliers()[at], factor.shifts()[at] - 15);
      }
      case IntegerMean mean -> 1.0 / mean.count();
      case Thresholds _ -> throw new CannotExpress("is requantised by thresholds");
    };
  }

  /** The zero point that a requantisation adds. */
  static int zeroPoint(Requantization requantization) {
    return switch (requantization) {
      case FixedPointMultiplier fixed -> fixed.zeroPoint();
      case FloatScale scale -> scale.zeroPoint();
      case DoubleScale scale -> scale.zeroPoint();
      case ShortMultiplier factor -> factor.zeroPoint();
      case IntegerMean mean -> mean.zeroPoint();
      case Thresholds thresholds -> thresholds.offset();
    };
  }

  private static boolean same(double[] scales) {
    return Arrays.stream(scales).allMatch(scale -> scale == scales[0]);
  }
}
