package dev.narrows.network;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Small networks of real numbers that together have every kind of layer. */
public final class FloatNetworks {
  private static final FloatingFormat FP8 = new FloatingFormat(4, 3, 6);

  private final Random random;
  private final TensorType input;
  private final List<Layer> layers = new ArrayList<>();

  private FloatNetworks(Random random, TensorType input) {
    this.random = random;
    this.input = input;
  }

  /** A network on images: convolutions, pooling, residuals, a dense layer at the end. */
  public static Network images(Random random) {
    int channels = 2 * (1 + random.nextInt(3));
    int size = 5 + random.nextInt(4);
    var net = new FloatNetworks(random, TensorType.floats(channels, size, size + 1));
    int stored = net.store(0);
    int first = net.convolution(stored, 2 * channels, Window.square(3, 1, 1), 1, true);
    int depth = net.convolution(first, 2 * channels, Window.square(3, 1, 1), 2 * channels, false);
    int sum = net.elementwise(first, depth, Operation.ADD);
    int relu = net.activation(sum, Function.RELU);
    int small = net.subsample(relu);
    int pad = net.channelPad(small);
    int up = net.transposed(pad);
    int max = net.pool(up, true);
    int mean = net.pool(max, false);
    TensorType from = net.type(mean);
    TensorType flat = TensorType.floats(from.elements(), 1, 1);
    int flattened = net.add(new Flatten(net.name(), mean, flat));
    TensorType out = TensorType.floats(5, 1, 1);
    net.add(new Dense(net.name(), flattened, out, net.operands(5, from.elements(), false)));
    return net.network();
  }

  /** A decoder on tokens: embedding, both norms, attention with shared heads, gated layers. */
  public static Network tokens(Random random) {
    int length = 3 + random.nextInt(6);
    Quantization ids = new Quantization(IntegerFormat.unsigned(4), 1, 0);
    var net = new FloatNetworks(random, new TensorType(1, length, 1, ids));
    int size = 2 * (1 + random.nextInt(3));
    int heads = 4;
    int shared = random.nextBoolean() ? 2 : 4;
    TensorType stream = TensorType.floats(heads * size, length, 1);
    int x = net.add(new Embedding(net.name(), 0, stream, net.reals(16 * stream.channels(), 1)));
    x = net.add(new Positions(net.name(), x, stream, net.reals(stream.elements(), 0.5f)));
    int n = net.norm(x, Normalization.Form.RMS);
    int q = net.rotary(net.linear(n, heads * size), size);
    int k = net.rotary(net.linear(n, shared * size), size);
    int v = net.linear(n, shared * size);
    TensorType scores = TensorType.floats(heads, length, length);
    int s = net.add(new MatMul(net.name(), q, k, scores, MatMul.Role.SCORES, heads, shared));
    s = net.add(new Softmax(net.name(), s, scores, 0.4f, random.nextBoolean()));
    int mixed = net.add(new MatMul(net.name(), s, v, stream, MatMul.Role.MIX, heads, shared));
    x = net.elementwise(x, net.linear(mixed, stream.channels()), Operation.ADD);
    n = net.norm(x, Normalization.Form.LAYER);
    int gate = net.activation(net.linear(n, 9), Function.SILU);
    int open = net.activation(net.linear(n, 9), Function.GELU);
    int product = net.elementwise(gate, open, Operation.MULTIPLY);
    x = net.elementwise(x, net.linear(product, stream.channels()), Operation.ADD);
    net.linear(x, 16);
    return net.network();
  }

  /** Inputs in words, [images][C][H][W]. */
  public static int[] words(Random random, TensorType type, int images) {
    int[] words = new int[type.elements() * images];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          type.isFloat()
              ? Float.floatToRawIntBits((float) random.nextGaussian())
              : random.nextInt((int) type.quantization().format().max() + 1);
    }
    return words;
  }

  private Network network() {
    return new Network("real", input, layers, Map.of("made", "by hand"));
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size();
  }

  private String name() {
    return "layer" + layers.size();
  }

  private TensorType type(int tensor) {
    return tensor == 0 ? input : layers.get(tensor - 1).output();
  }

  private float[] reals(int count, float spread) {
    float[] reals = new float[count];
    for (int i = 0; i < count; i++) {
      reals[i] = spread * (float) random.nextGaussian();
    }
    return reals;
  }

  private FloatOperands operands(int channels, int terms, boolean relu) {
    float spread = 1 / (float) Math.sqrt(terms);
    FloatDotWeights weights = new FloatDotWeights(channels, terms, reals(channels * terms, spread));
    boolean scaled = random.nextBoolean();
    return new FloatOperands(
        random.nextBoolean() ? weights.rounded(FP8) : weights,
        scaled ? reals(channels, 1) : new float[0],
        reals(channels, 0.1f),
        relu,
        Optional.empty());
  }

  private int convolution(int from, int channels, Window window, int groups, boolean relu) {
    TensorType in = type(from);
    int terms = window.taps() * in.channels() / groups;
    TensorType to =
        TensorType.floats(
            channels, window.outputHeight(in.height()), window.outputWidth(in.width()));
    return add(new Convolution(name(), from, to, window, groups, operands(channels, terms, relu)));
  }

  /** A position-wise dense layer is a convolution of one tap. */
  private int linear(int from, int channels) {
    return convolution(from, channels, Window.point(), 1, false);
  }

  private int transposed(int from) {
    TensorType in = type(from);
    Window window = Window.square(3, 2, 1);
    TensorType to =
        TensorType.floats(
            4,
            Math.toIntExact(window.transposedHeight(in.height())),
            Math.toIntExact(window.transposedWidth(in.width())));
    return add(
        new TransposedConvolution(
            name(), from, to, window, 2, operands(4, 9 * in.channels() / 2, true)));
  }

  private int pool(int from, boolean max) {
    TensorType in = type(from);
    Window window = Window.square(2, 2, 1);
    TensorType to =
        in.shaped(in.channels(), window.outputHeight(in.height()), window.outputWidth(in.width()));
    return add(
        max ? new MaxPool(name(), from, to, window) : new MeanPool(name(), from, to, window));
  }

  private int elementwise(int left, int right, Operation operation) {
    return add(new Elementwise(name(), left, right, type(left), operation));
  }

  private int activation(int from, Function function) {
    return add(new Activation(name(), from, type(from), function));
  }

  private int store(int from) {
    return add(new Store(name(), from, type(from).stored(FP8)));
  }

  private int subsample(int from) {
    TensorType in = type(from);
    TensorType to =
        in.shaped(in.channels(), Math.ceilDiv(in.height(), 2), Math.ceilDiv(in.width(), 2));
    return add(new Subsample(name(), from, to, 2, 2));
  }

  private int channelPad(int from) {
    TensorType in = type(from);
    TensorType to = in.shaped(in.channels() + 4, in.height(), in.width());
    return add(new ChannelPad(name(), from, to, 1, 3));
  }

  private int norm(int from, Normalization.Form form) {
    TensorType in = type(from);
    float[] shift = form == Normalization.Form.LAYER ? reals(in.channels(), 0.2f) : new float[0];
    float[] gain = reals(in.channels(), 1);
    return add(new Normalization(name(), from, in, form, gain, shift, 1e-5f));
  }

  private int rotary(int from, int size) {
    return add(new Rotary(name(), from, type(from), size, 10000));
  }
}
