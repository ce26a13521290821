package dev.narrows.network;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.PackedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network of ResNet-20's shape for CIFAR-10 (41 MMAC an image), with random 4-bit weights. */
public final class ResNetShape {
  private final Random random;
  private final List<Layer> layers = new ArrayList<>();
  private final TensorType input =
      new TensorType(3, 32, 32, new Quantization(IntegerFormat.signed(8), 0.02, 0));

  private ResNetShape(Random random) {
    this.random = random;
  }

  /** The network; {@code keep} of 16 weights are kept in the middle layers. */
  public static Network network(Random random, int keep) {
    return new ResNetShape(random).build(keep);
  }

  private Network build(int keep) {
    int x = convolution("first", 0, 16, 32, 1, 16, true);
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < 3; block++) {
        String name = "stage" + stage + ".block" + block;
        int channels = 16 << stage;
        int size = 32 >> stage;
        int stride = stage > 0 && block == 0 ? 2 : 1;
        int shortcut = x;
        int a = convolution(name + ".a", x, channels, size, stride, keep, true);
        int b = convolution(name + ".b", a, channels, size, 1, keep, false);
        if (stride == 2) {
          Quantization same = type(x).quantization();
          layers.add(
              new Subsample(
                  name + ".half", x, new TensorType(channels / 2, size, size, same), 2, 2));
          layers.add(
              new ChannelPad(
                  name + ".pad",
                  layers.size(),
                  new TensorType(channels, size, size, same),
                  channels / 4,
                  channels / 4));
          shortcut = layers.size();
        }
        TensorType to = codes(channels, size, true);
        layers.add(Add.of(name + ".add", shortcut, type(shortcut), b, type(b), to));
        x = layers.size();
      }
    }
    Window all = Window.covering(type(x));
    FixedPointMultiplier mean = FixedPointMultiplier.fromReals(new double[] {1 / 4.0}, 0, 0, 255);
    Quantization pooled = new Quantization(IntegerFormat.unsigned(8), 0.01, 0);
    layers.add(new AveragePool("pool", x, new TensorType(64, 1, 1, pooled), all, mean));
    TensorType logits = new TensorType(10, 1, 1, new Quantization(IntegerFormat.signed(16), 1, 0));
    IntegerOperands operands =
        operands(
            logits, 64, 16, FixedPointMultiplier.fromReals(new double[] {0.5}, 0, -32768, 32767));
    layers.add(new Dense("last", layers.size(), logits, operands));
    return new Network("resnet20-shape", input, layers, Map.of());
  }

  private TensorType type(int tensor) {
    return tensor == 0 ? input : layers.get(tensor - 1).output();
  }

  private static TensorType codes(int channels, int size, boolean unsigned) {
    IntegerFormat format = unsigned ? IntegerFormat.unsigned(4) : IntegerFormat.signed(8);
    return new TensorType(channels, size, size, new Quantization(format, 0.1, 0));
  }

  private int convolution(
      String name, int from, int channels, int size, int stride, int keep, boolean relu) {
    TensorType to = codes(channels, size, relu);
    IntegerFormat format = to.quantization().format();
    double[] factors = random.doubles(channels, 0.002, 0.02).toArray();
    FixedPointMultiplier requantization =
        FixedPointMultiplier.fromReals(factors, 0, (int) format.min(), (int) format.max());
    int terms = 9 * type(from).channels();
    layers.add(
        new Convolution(
            name,
            from,
            to,
            Window.square(3, stride, 1),
            1,
            operands(to, terms, keep, requantization)));
    return layers.size();
  }

  private IntegerOperands operands(
      TensorType to, int terms, int keep, FixedPointMultiplier requantization) {
    int channels = to.channels();
    int[] values = new int[channels * terms];
    for (int i = 0; i < values.length; i++) {
      boolean kept = i % terms % 16 < keep;
      values[i] = kept ? (int) Math.clamp(Math.rint(random.nextGaussian() * 2.5), -7, 7) : 0;
    }
    double[] scales = new double[channels];
    java.util.Arrays.fill(scales, 0.05);
    DotWeights dense = new DenseWeights(channels, terms, 4, scales, values);
    return new IntegerOperands(
        keep < 16 ? PackedWeights.of(dense, keep, 16) : dense,
        random.ints(channels, -200, 200).toArray(),
        requantization);
  }
}
