package dev.narrows.network;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
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
import dev.narrows.network.weights.PackedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Small networks of random layers, every kind among them, for comparing twins. */
public final class RandomNetworks {
  private final Random random;
  private final List<Layer> layers = new ArrayList<>();
  private final List<TensorType> tensors = new ArrayList<>();

  private RandomNetworks(Random random) {
    this.random = random;
  }

  /** A network of about {@code layers} layers. */
  public static Network network(Random random, int layers) {
    return new RandomNetworks(random).build(layers);
  }

  /** Codes for {@code images} images, extremes of the format more often than others. */
  public static int[] codes(Random random, TensorType type, int images) {
    IntegerFormat format = type.quantization().format();
    int[] codes = new int[images * type.elements()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          switch (random.nextInt(8)) {
            case 0 -> (int) format.min();
            case 1 -> (int) format.max();
            default -> (int) random.nextLong(format.min(), format.max() + 1);
          };
    }
    return codes;
  }

  private Network build(int count) {
    tensors.add(
        new TensorType(
            1 + random.nextInt(4), 2 + random.nextInt(6), 2 + random.nextInt(6), quantization()));
    while (layers.size() < count) {
      int source = random.nextInt(3) == 0 ? random.nextInt(tensors.size()) : tensors.size() - 1;
      make(source, "layer" + layers.size())
          .ifPresent(layer -> {
            layers.add(layer);
            tensors.add(layer.output());
          });
    }
    return new Network("random", tensors.getFirst(), layers, Map.of("classes", "a,b"));
  }

  private Optional<Layer> make(int input, String name) {
    TensorType from = tensors.get(input);
    Quantization same = from.quantization();
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> convolution(input, name, from);
      case 4, 5 -> transposed(input, name, from);
      case 6 -> {
        if (from.positions() > 1 || from.channels() > 200) {
          yield Optional.empty();
        }
        TensorType to = new TensorType(1 + random.nextInt(12), 1, 1, quantization());
        yield Optional.of(new Dense(name, input, to, operands(to, from.channels())));
      }
      case 7 -> {
        Window w = poolWindow();
        int height = w.outputHeight(from.height());
        int width = w.outputWidth(from.width());
        if (height < 1 || width < 1) {
          yield Optional.empty();
        }
        TensorType to = new TensorType(from.channels(), height, width, same);
        yield Optional.of(new MaxPool(name, input, to, w));
      }
      case 8 -> {
        Window w = random.nextBoolean() ? poolWindow() : Window.covering(from);
        int height = w.outputHeight(from.height());
        int width = w.outputWidth(from.width());
        if (height < 1 || width < 1) {
          yield Optional.empty();
        }
        TensorType to = new TensorType(from.channels(), height, width, quantization());
        yield Optional.of(new AveragePool(name, input, to, w, requantization(to, w.taps())));
      }
      case 9 -> add(input, name, from);
      case 10 -> {
        TensorType to =
            new TensorType(from.channels(), from.height(), from.width(), quantization());
        yield Optional.of(new Rescale(name, input, to, requantization(to, 1)));
      }
      case 11 -> {
        IntegerFormat format = same.format();
        int a = (int) random.nextLong(format.min(), format.max() + 1);
        int b = (int) random.nextLong(format.min(), format.max() + 1);
        yield Optional.of(new Clamp(name, input, from, Math.min(a, b), Math.max(a, b)));
      }
      case 12 -> {
        if (random.nextInt(3) == 0) {
          yield Optional.of(new Flatten(name, input, new TensorType(from.elements(), 1, 1, same)));
        }
        int strideHeight = 1 + random.nextInt(3);
        int strideWidth = 1 + random.nextInt(3);
        TensorType to =
            new TensorType(
                from.channels(),
                Math.ceilDiv(from.height(), strideHeight),
                Math.ceilDiv(from.width(), strideWidth),
                same);
        yield Optional.of(new Subsample(name, input, to, strideHeight, strideWidth));
      }
      default -> {
        int before = random.nextInt(3);
        int after = random.nextInt(3);
        TensorType to =
            new TensorType(before + from.channels() + after, from.height(), from.width(), same);
        yield from.channels() > 12
            ? Optional.empty()
            : Optional.of(new ChannelPad(name, input, to, before, after));
      }
    };
  }

  private Optional<Layer> convolution(int input, String name, TensorType from) {
    Window w = window();
    int height = w.outputHeight(from.height());
    int width = w.outputWidth(from.width());
    int groups = groups(from.channels());
    if (height < 1 || width < 1 || from.channels() / groups * w.taps() > 300) {
      return Optional.empty();
    }
    TensorType to = new TensorType(groups * (1 + random.nextInt(3)), height, width, quantization());
    IntegerOperands operands = operands(to, from.channels() / groups * w.taps());
    return Optional.of(new Convolution(name, input, to, w, groups, operands));
  }

  private Optional<Layer> transposed(int input, String name, TensorType from) {
    Window w = window();
    long height = w.transposedHeight(from.height()) + random.nextInt(w.strideHeight());
    long width = w.transposedWidth(from.width()) + random.nextInt(w.strideWidth());
    int groups = groups(from.channels());
    boolean fits = height >= 1 && width >= 1 && height <= 10 && width <= 10;
    if (!fits || from.channels() / groups * w.taps() > 300) {
      return Optional.empty();
    }
    TensorType to =
        new TensorType(groups * (1 + random.nextInt(3)), (int) height, (int) width, quantization());
    IntegerOperands operands = operands(to, from.channels() / groups * w.taps());
    return Optional.of(new TransposedConvolution(name, input, to, w, groups, operands));
  }

  private Optional<Layer> add(int input, String name, TensorType from) {
    List<Integer> partners = new ArrayList<>();
    for (int t = 0; t < tensors.size(); t++) {
      if (tensors.get(t).sameShape(from)) {
        partners.add(t);
      }
    }
    int right = partners.get(random.nextInt(partners.size()));
    TensorType to = new TensorType(from.channels(), from.height(), from.width(), quantization());
    Add add = Add.of(name, input, from, right, tensors.get(right), to);
    int zero = to.quantization().zeroPoint();
    return Optional.of(
        random.nextBoolean()
            ? add
            : new Add(
                name,
                input,
                right,
                to,
                add.leftMultiplier(),
                add.rightMultiplier(),
                add.outputMultiplier(),
                zero,
                add.max()));
  }

  private int groups(int channels) {
    int groups = random.nextInt(3) == 0 ? channels : 1 + random.nextInt(channels);
    return channels % groups == 0 ? groups : 1;
  }

  private Window window() {
    return new Window(
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1 + random.nextInt(2),
        1 + random.nextInt(3),
        1 + random.nextInt(2),
        1 + random.nextInt(2),
        random.nextInt(3),
        random.nextInt(2),
        random.nextInt(2),
        random.nextInt(3));
  }

  private Window poolWindow() {
    int height = 1 + random.nextInt(3);
    int width = 1 + random.nextInt(3);
    return new Window(
        height,
        width,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1,
        1,
        random.nextInt(height),
        random.nextInt(height),
        random.nextInt(width),
        random.nextInt(width));
  }

  private Quantization quantization() {
    int bits = 2 + random.nextInt(7);
    IntegerFormat format =
        random.nextBoolean() ? IntegerFormat.signed(bits) : IntegerFormat.unsigned(bits);
    int zero = random.nextBoolean() ? 0 : (int) random.nextLong(format.min(), format.max() + 1);
    return new Quantization(format, 0.01 + random.nextDouble(), zero);
  }

  private IntegerOperands operands(TensorType to, int terms) {
    int channels = to.channels();
    int bits = 2 + random.nextInt(7);
    int most = (1 << (bits - 1)) - 1;
    int group = 1 + random.nextInt(16);
    int keep = 1 + random.nextInt(group);
    boolean packed = random.nextInt(3) == 0;
    int[] values = new int[channels * terms];
    for (int c = 0; c < channels; c++) {
      int left = 0;
      for (int k = 0; k < terms; k++) {
        left = k % group == 0 ? Math.ceilDiv(keep * Math.min(group, terms - k), group) : left;
        boolean kept = !packed || left > 0 && random.nextInt(group) < keep;
        values[c * terms + k] = kept ? random.nextInt(2 * most + 1) - most : 0;
        left -= kept ? 1 : 0;
      }
    }
    int[] bias = new int[channels];
    double[] scales = new double[channels];
    for (int c = 0; c < channels; c++) {
      bias[c] = random.nextInt(401) - 200;
      scales[c] = 0.001 + random.nextDouble();
    }
    DenseWeights dense = new DenseWeights(channels, terms, bits, scales, values);
    return new IntegerOperands(
        packed ? PackedWeights.of(dense, keep, group) : dense,
        bias,
        requantization(to, terms * most / 2),
        random.nextBoolean() ? ZeroPointConvention.OFFSET : ZeroPointConvention.RAW,
        random.nextBoolean() ? BiasPlacement.AFTER : BiasPlacement.PRELOAD,
        random.nextInt(5) == 0
            ? Optional.of(Summation.parse(channels % 2 == 0 ? "exact" : "int20:saturate"))
            : Optional.empty());
  }

  private Requantization requantization(TensorType to, int reach) {
    IntegerFormat format = to.quantization().format();
    int zero = to.quantization().zeroPoint();
    int min = (int) format.min();
    int max = (int) format.max();
    int entries = random.nextBoolean() ? 1 : to.channels();
    double factor = (random.nextDouble() + 0.02) / Math.max(1, reach / 4);
    return switch (random.nextInt(4)) {
      case 0, 1 -> {
        double[] reals = random.doubles(entries, factor / 2, factor * 2).toArray();
        yield random.nextBoolean()
            ? FixedPointMultiplier.fromReals(reals, zero, min, max)
            : FixedPointMultiplier.singleRounding(reals, zero, Math.min(zero, max), max);
      }
      case 2 -> {
        float[] scales = new float[entries];
        for (int c = 0; c < entries; c++) {
          scales[c] = (float) (factor * (1 + random.nextDouble()));
        }
        yield new FloatScale(scales, zero, min, max);
      }
      default -> {
        long[][] rows = new long[entries][];
        for (int c = 0; c < entries; c++) {
          int count = max - min > 20 ? 20 : max - min;
          rows[c] =
              random.longs(entries == 1 ? count : Math.min(count, 3), -500, 500).sorted().toArray();
        }
        yield new Thresholds(rows, min);
      }
    };
  }
}
