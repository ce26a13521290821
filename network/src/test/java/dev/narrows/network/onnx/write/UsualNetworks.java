package dev.narrows.network.onnx.write;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Random;

/**
 * Random networks in exact registers whose factors are those of their scales, in binary32: what
 * ONNX can say.
 */
final class UsualNetworks {
  private UsualNetworks() {}

  static Network of(Random random, int layers) {
    Network network = RandomNetworks.network(random, layers);
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      float in = (float) network.tensor(layer.inputs().getFirst()).quantization().scale();
      float out = (float) layer.output().quantization().scale();
      Layer usual =
          switch (layer) {
            case DotLayer dot -> dot(dot, in, out, random);
            case AveragePool p ->
                new AveragePool(
                    p.name(),
                    p.input(),
                    p.output(),
                    p.window(),
                    scale(p, p.requantization(), in / (out * p.terms())));
            case Rescale r ->
                new Rescale(
                    r.name(), r.input(), r.output(), scale(r, r.requantization(), in / out));
            default -> layer;
          };
      network = network.withLayer(i, usual);
    }
    return network;
  }

  private static FloatScale scale(Layer layer, Requantization range, float... factors) {
    int zero = layer.output().quantization().zeroPoint();
    return new FloatScale(factors, zero, Math.min(range.min(), zero), Math.max(range.max(), zero));
  }

  private static DotLayer dot(DotLayer dot, float in, float out, Random random) {
    IntegerOperands operands = dot.integers();
    int channels = dot.output().channels();
    int rows = operands.requantization().channels();
    double[] scales = new double[channels];
    float[] factors = new float[rows];
    for (int c = 0; c < channels; c++) {
      boolean first = c == 0 || rows > 1;
      float scale = first ? (float) (0.002 + random.nextDouble() * 0.02) : (float) scales[0];
      scales[c] = scale;
      factors[rows == 1 ? 0 : c] = in * scale / out;
    }
    DenseWeights weights =
        new DenseWeights(
            channels, dot.terms(), operands.weights().bits(), scales, operands.weights().dense());
    FloatScale requantization = scale(dot, operands.requantization(), factors);
    return dot.withOperands(
        new IntegerOperands(weights, operands.bias(), requantization).pinnedTo(Summation.exact()));
  }
}
