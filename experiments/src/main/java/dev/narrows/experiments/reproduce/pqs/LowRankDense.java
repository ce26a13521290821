package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.prune.LowRank;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;

/**
 * A network whose first dense layer has weights of rank r at most, by singular value decomposition,
 * before or after they become integers. The layer keeps its shape: K stays, only what can be said
 * with the weights shrinks.
 */
final class LowRankDense {
  private final Network network;
  private final Dense layer;
  private final LowRank reals;
  private final LowRank integers;

  /** Of a network; decomposing takes longest, and is done once for all ranks. */
  LowRankDense(Network network) {
    this.network = network;
    this.layer = first(network);
    DotWeights weights = layer.integers().weights();
    int terms = weights.terms();
    double[] scales = weights.scales();
    float[] real = new float[weights.channels() * terms];
    float[] integer = new float[real.length];
    for (int i = 0; i < real.length; i++) {
      integer[i] = weights.dense()[i];
      real[i] = (float) (scales[i / terms] * weights.dense()[i]);
    }
    int rank = Math.min(weights.channels(), terms);
    this.reals = LowRank.of(real, weights.channels(), terms, rank);
    this.integers = LowRank.of(integer, weights.channels(), terms, rank);
  }

  /** P→Q: the real weights s_c · q are approximated, then quantised with scales of their own. */
  Network beforeQuantization(int rank) {
    DotWeights weights = layer.integers().weights();
    int terms = weights.terms();
    double[] scales = weights.scales();
    float[] product = reals.truncated(rank).product();
    int most = most(weights);
    double[] own = new double[weights.channels()];
    for (int i = 0; i < product.length; i++) {
      own[i / terms] = Math.max(own[i / terms], Math.abs(product[i]) / (double) most);
    }
    int[] values = new int[product.length];
    for (int c = 0; c < own.length; c++) {
      own[c] = own[c] == 0 ? scales[c] : own[c];
      for (int k = c * terms; k < (c + 1) * terms; k++) {
        values[k] = (int) Math.rint(product[k] / own[c]);
      }
    }
    return with(network, layer, values, own);
  }

  /** Q→P: the integers are approximated and rounded again; scales stay. */
  Network afterQuantization(int rank) {
    DotWeights weights = layer.integers().weights();
    float[] product = integers.truncated(rank).product();
    int most = most(weights);
    int[] values = new int[product.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) Math.clamp(Math.rint(product[i]), -most, most);
    }
    return with(network, layer, values, weights.scales());
  }

  private static Dense first(Network network) {
    for (Layer layer : network.layers()) {
      if (layer instanceof Dense dense) {
        return dense;
      }
    }
    throw new IllegalArgumentException("network \"" + network.name() + "\" has no dense layer");
  }

  private static int most(DotWeights weights) {
    return (1 << (weights.bits() - 1)) - 1;
  }

  /** Other integers at other scales; bias and factor go with the scale of their channel. */
  private static Network with(Network network, Dense layer, int[] values, double[] scales) {
    IntegerOperands from = layer.integers();
    DotWeights weights = from.weights();
    if (!(from.requantization() instanceof FixedPointMultiplier factors)) {
      throw new IllegalArgumentException(
          "layer \"" + layer.name() + "\": expected fixed-point factors after the sum");
    }
    int[] bias = new int[scales.length];
    double[] reals = new double[scales.length];
    for (int c = 0; c < scales.length; c++) {
      double change = scales[c] / weights.scales()[c];
      bias[c] = (int) Math.rint(Math.clamp(from.bias()[c] / change, -0x1p30, 0x1p30));
      reals[c] = factors.realMultiplier(c) * change;
    }
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(scales.length, weights.terms(), weights.bits(), scales, values),
            bias,
            FixedPointMultiplier.singleRounding(
                reals, factors.zeroPoint(), factors.min(), factors.max()),
            from.zero(),
            from.biasPlacement(),
            from.pinned());
    return network.withLayer(network.layers().indexOf(layer), layer.withOperands(operands));
  }
}
