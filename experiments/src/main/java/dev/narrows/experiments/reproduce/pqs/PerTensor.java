package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.network.Network;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;

/**
 * Dense layers and convolutions with one weight scale for all channels instead of one each: what
 * the quantiser of a framework without per-channel scales makes of the same real weights.
 *
 * <p>S is the least scale at which the largest weight of the layer still fits W bits; q' = round(q
 * · s_c / S), b' = round(b · s_c / S), and the real factor after the sum becomes factor_c · S /
 * s_c.
 */
final class PerTensor {
  private PerTensor() {}

  /**
   * The network with one weight scale in each layer of dot products.
   *
   * @throws IllegalArgumentException if such a layer requantises other than by fixed-point factors
   */
  static Network of(Network network) {
    Network changed = network;
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof DotLayer dot) {
        changed = changed.withLayer(i, dot.withOperands(operands(dot)));
      }
    }
    return changed;
  }

  private static IntegerOperands operands(DotLayer layer) {
    IntegerOperands from = layer.integers();
    DotWeights weights = from.weights();
    if (!(from.requantization() instanceof FixedPointMultiplier factors)) {
      throw new IllegalArgumentException(
          "layer \"" + layer.name() + "\": expected fixed-point factors after the sum");
    }
    int channels = weights.channels();
    int terms = weights.terms();
    int[] values = weights.dense();
    double[] scales = weights.scales();
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i]) * scales[i / terms]);
    }
    int most = (1 << (weights.bits() - 1)) - 1;
    double scale = largest == 0 ? scales[0] : largest / most;
    int[] quantized = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      quantized[i] = (int) Math.rint(values[i] * scales[i / terms] / scale);
    }
    int[] bias = new int[channels];
    double[] reals = new double[channels];
    for (int c = 0; c < channels; c++) {
      bias[c] = (int) Math.rint(from.bias()[c] * scales[c] / scale);
      reals[c] = factors.realMultiplier(c) * scale / scales[c];
    }
    double[] one = new double[channels];
    Arrays.fill(one, scale);
    return new IntegerOperands(
        new DenseWeights(channels, terms, weights.bits(), one, quantized),
        bias,
        FixedPointMultiplier.singleRounding(
            reals, factors.zeroPoint(), factors.min(), factors.max()),
        from.zero(),
        from.biasPlacement(),
        from.pinned());
  }
}
