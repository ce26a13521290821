package dev.narrows.verify;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two networks of known ranges: one of every kind of layer, one that can be worked by hand. */
final class SmallNetworks {
  private SmallNetworks() {}

  private static Quantization codes(IntegerFormat format, int zeroPoint) {
    return new Quantization(format, 0.5, zeroPoint);
  }

  /** Weights that go through ±1 … ±limit, none zero, so that every one counts. */
  private static DenseWeights weights(int channels, int terms, int limit) {
    int[] values = new int[channels * terms];
    for (int i = 0; i < values.length; i++) {
      values[i] = (1 + i % limit) * (i % 3 == 0 ? -1 : 1);
    }
    double[] scales = new double[channels];
    Arrays.fill(scales, 0.01);
    return new DenseWeights(channels, terms, 8, scales, values);
  }

  private static int[] bias(int channels) {
    int[] bias = new int[channels];
    Arrays.setAll(bias, c -> 100 * (c + 1) * (c % 2 == 0 ? -1 : 1));
    return bias;
  }

  private static Requantization steep(int min, int max) {
    // so steep that every code from min to max is reached
    return FixedPointMultiplier.fromReals(new double[] {8}, (min + max) / 2, min, max);
  }

  /** A dense layer alone: weights (3 −2), inputs 0 … 15 with zero point 5, bias after. */
  static Network byHand() {
    TensorType in = new TensorType(2, 1, 1, codes(IntegerFormat.unsigned(4), 5));
    TensorType out = new TensorType(1, 1, 1, codes(IntegerFormat.signed(8), 0));
    DenseWeights weights = new DenseWeights(1, 2, 3, new double[] {1}, new int[] {3, -2});
    return new Network(
        "hand",
        in,
        List.of(
            new Dense("fc", 0, out, new IntegerOperands(weights, new int[] {7}, steep(-128, 127)))),
        Map.of());
  }

  static Network everyKind() {
    Quantization s8 = codes(IntegerFormat.signed(8), -3);
    Quantization u4 = codes(IntegerFormat.unsigned(4), 0);
    Quantization u8 = codes(IntegerFormat.unsigned(8), 4);
    TensorType t0 = new TensorType(2, 4, 4, s8);
    TensorType t1 = new TensorType(4, 4, 4, u4);
    TensorType t8 = new TensorType(4, 2, 2, u4);
    TensorType big = new TensorType(4, 4, 4, u8);
    TensorType wide = new TensorType(6, 4, 4, u8);
    List<Layer> layers =
        List.of(
            // 1: padded, offset, bias after
            new Convolution(
                "conv",
                0,
                t1,
                Window.square(3, 1, 1),
                1,
                new IntegerOperands(weights(4, 18, 5), bias(4), steep(0, 15))),
            // 2: depthwise, raw, preloaded
            new Convolution(
                "depthwise",
                1,
                t1,
                Window.square(3, 1, 1),
                4,
                new IntegerOperands(
                    weights(4, 9, 7),
                    bias(4),
                    new FloatScale(new float[] {8}, 7, 0, 15),
                    ZeroPointConvention.RAW,
                    BiasPlacement.PRELOAD,
                    Optional.empty())),
            // 3 … 5: a stream of another format
            Add.of("add", 1, t1, 2, t1, big),
            new Clamp("clamp", 3, big, 10, 200),
            new ChannelPad("pad", 4, wide, 1, 1),
            // 6: grouped, preloaded, raw with a zero point, no padding
            new Convolution(
                "grouped",
                5,
                new TensorType(4, 2, 2, u4),
                Window.square(3, 1, 0),
                2,
                new IntegerOperands(
                    weights(4, 27, 6),
                    bias(4),
                    steep(2, 9),
                    ZeroPointConvention.RAW,
                    BiasPlacement.PRELOAD,
                    Optional.empty())),
            // 7: pinned to an exact register
            new Convolution(
                "pinned",
                6,
                t8,
                Window.point(),
                1,
                new IntegerOperands(weights(4, 4, 3), bias(4), steep(1, 14))
                    .pinnedTo(Summation.exact())),
            // 8: transposed: some taps read nothing
            new TransposedConvolution(
                "transposed",
                7,
                big,
                Window.square(2, 2, 0),
                1,
                new IntegerOperands(weights(4, 16, 4), bias(4), steep(20, 220))),
            new Rescale(
                "rescale", 8, t1, FixedPointMultiplier.fromReals(new double[] {0.0625}, 0, 0, 15)),
            new MaxPool("max", 9, t8, Window.square(2, 2, 0)),
            new Subsample("sub", 10, new TensorType(4, 1, 1, u4), 2, 2),
            new AveragePool(
                "average",
                1,
                new TensorType(4, 1, 1, u4),
                new Window(4, 4, 1, 1, 1, 1, 0, 0, 0, 0),
                FixedPointMultiplier.fromReals(new double[] {0.0625}, 0, 0, 15)),
            new Flatten("flat", 9, new TensorType(64, 1, 1, u4)),
            new Dense(
                "fc",
                13,
                new TensorType(3, 1, 1, codes(IntegerFormat.signed(8), 0)),
                new IntegerOperands(weights(3, 64, 100), bias(3), steep(-128, 127))));
    return new Network("every", t0, layers, Map.of());
  }

  /** The stored codes that the inputs of {@link #everyKind}'s dot layers can hold. */
  static Map<String, IntegerRange> everyKindCodes() {
    return Map.of(
        "conv", new IntegerRange(-128, 127),
        "depthwise", new IntegerRange(0, 15),
        "grouped", new IntegerRange(4, 64),
        "pinned", new IntegerRange(2, 9),
        "transposed", new IntegerRange(1, 14),
        "fc", new IntegerRange(0, 15));
  }

  /** The same network, with the conventions that a register states in place of its layers' own. */
  static Network owning(Network network, Summation register) {
    Network changed = network;
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof DotLayer dot) {
        IntegerOperands old = dot.integers();
        IntegerOperands operands =
            new IntegerOperands(
                old.weights(),
                old.bias(),
                old.requantization(),
                register.zero().orElse(old.zero()),
                register.bias().orElse(old.biasPlacement()),
                old.pinned());
        changed = changed.withLayer(i, dot.withOperands(operands));
      } else if (layer instanceof AveragePool pool) {
        changed =
            changed.withLayer(
                i,
                new AveragePool(
                    pool.name(),
                    pool.input(),
                    pool.output(),
                    pool.window(),
                    pool.requantization(),
                    register.zero().orElse(pool.zero())));
      }
    }
    return changed;
  }
}
