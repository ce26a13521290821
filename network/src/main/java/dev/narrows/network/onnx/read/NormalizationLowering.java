package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Normalization.Form;
import dev.narrows.network.layer.Reduce.Reduction;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that bring elements to one size. */
final class NormalizationLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "BatchNormalization", NormalizationLowering::batch,
          "LayerNormalization", NormalizationLowering::layer,
          "RMSNormalization", NormalizationLowering::rms,
          "InstanceNormalization", NormalizationLowering::instance,
          "GroupNormalization", NormalizationLowering::group,
          "MeanVarianceNormalization", NormalizationLowering::meanVariance,
          "LpNormalization", NormalizationLowering::norm,
          "LRN", NormalizationLowering::local,
          "com.microsoft.SkipLayerNormalization", node -> skip(node, Form.LAYER),
          "com.microsoft.SkipSimplifiedLayerNormalization", node -> skip(node, Form.RMS));

  private NormalizationLowering() {}

  /** x · scale + shift by channel, as the running statistics have it. */
  private static void batch(LoweringNode node) throws NotNativeException {
    boolean trains = node.attributes().integer("training_mode", 0) != 0;
    if (trains && !node.graph().isTrained()) {
      throw new NotNativeException("it trains");
    }
    LoweredValue in = node.floats(0);
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    Optional<float[]> fixed = folded(node, epsilon);
    List<Integer> channels = channels(in);
    LoweredValue gain;
    LoweredValue shift;
    if (fixed.isPresent()) {
      int count = fixed.get().length / 2;
      float[] both = fixed.get();
      List<Integer> dims = List.of(count);
      gain = NumberLayers.constant(node, "gain", Arrays.copyOf(both, count), dims);
      shift =
          NumberLayers.constant(node, "shift", Arrays.copyOfRange(both, count, 2 * count), dims);
    } else {
      LoweredValue spread =
          NumberLayers.function(
              node, node.unique("variance"), node.floats(4), Formula.LINEAR, 1, epsilon);
      LoweredValue inverse =
          NumberLayers.function(
              node, node.unique("inverse"), spread, Function.RECIPROCAL_SQUARE_ROOT);
      gain = SumLayers.pair(node, "gain", Operation.MULTIPLY, node.floats(1), inverse);
      LoweredValue moved = SumLayers.pair(node, "mean", Operation.MULTIPLY, node.floats(3), gain);
      shift = SumLayers.pair(node, "shift", Operation.SUBTRACT, node.floats(2), moved);
    }
    LoweredValue made = scaled(node, in, gain, Optional.of(shift), channels);
    if (fixed.isPresent()) {
      node.graph().norm(made.tensor(), statistics(node, in.tensor(), epsilon));
    } else if (trains) {
      throw new NotNativeException("it trains, and its parameters are no constants");
    }
    node.put(0, made);
  }

  private static BatchStatistics statistics(LoweringNode node, int input, float epsilon) {
    float momentum = node.attributes().number("momentum", 0.9f);
    return new BatchStatistics(
        node.node().name(),
        input,
        node.constant(1).orElseThrow().floats(),
        node.constant(2).orElseThrow().floats(),
        node.constant(3).orElseThrow().floats(),
        node.constant(4).orElseThrow().floats(),
        epsilon,
        momentum);
  }

  /** Gains, then shifts, of constant statistics. */
  private static Optional<float[]> folded(LoweringNode node, float epsilon) {
    for (int i = 1; i <= 4; i++) {
      if (node.constant(i).isEmpty()) {
        return Optional.empty();
      }
    }
    float[] scale = node.constant(1).orElseThrow().floats();
    float[] bias = node.constant(2).orElseThrow().floats();
    float[] mean = node.constant(3).orElseThrow().floats();
    float[] variance = node.constant(4).orElseThrow().floats();
    int count = scale.length;
    if (bias.length != count || mean.length != count || variance.length != count) {
      throw new IllegalArgumentException("scale, bias, mean and variance differ in number");
    }
    float[] both = new float[2 * count];
    for (int c = 0; c < count; c++) {
      both[c] = scale[c] * (1 / (float) Math.sqrt(variance[c] + epsilon));
      both[count + c] = bias[c] - mean[c] * both[c];
    }
    return Optional.of(both);
  }

  /** Dimensions that broadcast a value of each channel. */
  private static List<Integer> channels(LoweredValue in) {
    List<Integer> dims = new ArrayList<>(Collections.nCopies(Math.max(1, in.rank() - 1), 1));
    dims.set(0, in.rank() < 2 ? 1 : in.dims().get(1));
    return dims;
  }

  /** Each operation rounded to binary32: times the gain, plus the shift. */
  private static LoweredValue scaled(
      LoweringNode node,
      LoweredValue in,
      LoweredValue gain,
      Optional<LoweredValue> shift,
      List<Integer> dims) {
    LoweredValue made =
        SumLayers.pair(node, Operation.MULTIPLY, in, MoveLayers.shaped(gain, dims), node.unique());
    return shift.isEmpty()
        ? made
        : SumLayers.pair(
            node, "shifted", Operation.ADD, made, MoveLayers.shaped(shift.get(), dims));
  }

  /**
   * A value normalised along its last axes, of constant gains and shifts or others.
   *
   * @param first of the axes
   */
  private static LoweredValue last(
      LoweringNode node,
      LoweredValue in,
      int first,
      Form form,
      float epsilon,
      Optional<LoweredValue> gain,
      Optional<LoweredValue> shift)
      throws NotNativeException {
    int size = Axes.product(in.dims().subList(first, in.rank()));
    LoweredValue plain = normalized(node, in, size, form, epsilon);
    LoweredValue made =
        gain.isEmpty()
            ? plain
            : SumLayers.pair(node, "gained", Operation.MULTIPLY, plain, gain.get());
    return shift.isEmpty()
        ? made
        : SumLayers.pair(node, "shifted", Operation.ADD, made, shift.get());
  }

  /** Each run of {@code size} elements normalised, without gains. */
  private static LoweredValue normalized(
      LoweringNode node, LoweredValue in, int size, Form form, float epsilon)
      throws NotNativeException {
    if (!(epsilon > 0) || !Float.isFinite(epsilon)) {
      throw new NotNativeException("epsilon is " + epsilon);
    }
    int runs = in.elements() / size;
    LoweredValue rows = MoveLayers.shaped(in, List.of(runs, size));
    LoweredValue columns = MoveLayers.transposed(node, rows, 1, 0);
    int from = node.shaped(columns.tensor(), size, runs, 1);
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    int made =
        node.add(
            new Normalization(
                node.unique(),
                from,
                TensorType.floats(size, runs, 1),
                form,
                ones,
                new float[0],
                epsilon));
    LoweredValue back = new LoweredValue(made, List.of(size, runs), NdType.FLOAT);
    return MoveLayers.shaped(MoveLayers.transposed(node, back, 1, 0), in.dims());
  }

  private static Optional<LoweredValue> optional(LoweringNode node, int input)
      throws NotNativeException {
    return node.has(input) ? Optional.of(node.floats(input)) : Optional.empty();
  }

  private static void layer(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    int first = Axes.of(node.attributes().integer("axis", -1), in.rank());
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    node.put(0, last(node, in, first, Form.LAYER, epsilon, optional(node, 1), optional(node, 2)));
    if (node.wants(1) || node.wants(2)) {
      int[] axes = Axes.range(first, in.rank() - first, 1);
      LoweredValue mean = SpanLayers.reduced(node, node.unique("mean"), in, axes, Reduction.MEAN);
      LoweredValue rest = SumLayers.pair(node, "rest", Operation.SUBTRACT, in, mean);
      node.put(1, mean);
      node.put(2, inverse(node, rest, axes, epsilon));
    }
  }

  /** 1 / √(mean of squares + ε). */
  private static LoweredValue inverse(
      LoweringNode node, LoweredValue in, int[] axes, float epsilon) {
    LoweredValue squares = Norms.powers(node, in, 2);
    LoweredValue variance =
        SpanLayers.reduced(node, node.unique("variance"), squares, axes, Reduction.MEAN);
    LoweredValue more =
        NumberLayers.function(node, node.unique("epsilon"), variance, Formula.LINEAR, 1, epsilon);
    return NumberLayers.function(
        node, node.unique("inverse"), more, Function.RECIPROCAL_SQUARE_ROOT);
  }

  private static void rms(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    int first = Axes.of(node.attributes().integer("axis", -1), in.rank());
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    node.put(0, last(node, in, first, Form.RMS, epsilon, optional(node, 1), Optional.empty()));
  }

  /** A sum normalised: com.microsoft's, with the sum as its fourth output. */
  private static void skip(LoweringNode node, Form form) throws NotNativeException {
    if (node.wants(1) || node.wants(2)) {
      throw new NotNativeException("the mean or the inverse deviation is wanted");
    }
    boolean simple = form == Form.RMS;
    LoweredValue sum = SumLayers.plus(node, node.floats(0), node.floats(1));
    int bias = simple ? 3 : 4;
    if (node.has(bias)) {
      sum = SumLayers.plus(node, sum, node.floats(bias));
    }
    float epsilon = node.attributes().number("epsilon", simple ? 1e-5f : 1e-12f);
    Optional<LoweredValue> shift = simple ? Optional.empty() : optional(node, 3);
    node.put(0, last(node, sum, sum.rank() - 1, form, epsilon, optional(node, 2), shift));
    node.put(3, sum);
  }

  private static void instance(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    int size = Axes.product(in.dims().subList(2, in.rank()));
    LoweredValue plain = normalized(node, in, size, Form.LAYER, epsilon);
    node.put(0, scaled(node, plain, node.floats(1), Optional.of(node.floats(2)), channels(in)));
  }

  /** Before version 21 a group has one gain and shift, from then on each channel. */
  private static void group(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    int groups = node.attributes().int32("num_groups", 0);
    int count = in.dims().get(1);
    if (groups < 1 || count % groups != 0) {
      throw new IllegalArgumentException("%d groups of %d channels".formatted(groups, count));
    }
    float epsilon = node.attributes().number("epsilon", 1e-5f);
    int size = in.elements() / in.dims().get(0) / groups;
    LoweredValue plain = normalized(node, in, size, Form.LAYER, epsilon);
    LoweredValue gain = node.floats(1);
    LoweredValue shift = node.floats(2);
    if (gain.elements() == groups && groups != count) {
      List<Integer> whole = List.of(groups, count / groups);
      gain = MoveLayers.expanded(node, MoveLayers.shaped(gain, List.of(groups, 1)), whole);
      shift = MoveLayers.expanded(node, MoveLayers.shaped(shift, List.of(groups, 1)), whole);
    }
    node.put(0, scaled(node, plain, gain, Optional.of(shift), channels(in)));
  }

  private static void meanVariance(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    long[] given = node.attributes().integers("axes").orElse(new long[] {0, 2, 3});
    int[] axes = Axes.of(given, in.rank());
    int[] order = Axes.last(in.rank(), axes);
    LoweredValue moved = MoveLayers.transposed(node, in, order);
    int size = Axes.product(moved.dims().subList(in.rank() - axes.length, in.rank()));
    LoweredValue made = normalized(node, moved, size, Form.LAYER, 1e-9f);
    node.put(0, MoveLayers.transposed(node, made, Axes.inverse(order)));
  }

  /** x / ‖x‖; where all are zero they stay so. */
  private static void norm(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    int p = node.attributes().int32("p", 2);
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException("p must be 1 or 2, got " + p);
    }
    int[] axis = {Axes.of(node.attributes().integer("axis", -1), in.rank())};
    LoweredValue powers = Norms.powers(node, in, p);
    LoweredValue sum = SpanLayers.reduced(node, node.unique("sum"), powers, axis, Reduction.SUM);
    LoweredValue length =
        NumberLayers.function(
            node,
            node.unique("length"),
            Norms.root(node, sum, p),
            Formula.CLIP,
            Float.MIN_VALUE,
            Float.POSITIVE_INFINITY);
    node.put(0, SumLayers.pair(node, Operation.DIVIDE, in, length, node.unique()));
  }

  /** x / (bias + α · mean of squares of neighbouring channels)^β; outside there are zeros. */
  private static void local(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    int size = node.attributes().int32("size", 0);
    if (size < 1 || size > 1 << 16 || in.rank() < 2) {
      throw new IllegalArgumentException("size %d of %s".formatted(size, in.dims()));
    }
    int before = (size - 1) / 2;
    int after = size - 1 - before;
    int batch = in.dims().get(0);
    int channels = in.dims().get(1);
    LoweringBudget.take((long) before + channels + after);
    int[] indices = new int[before + channels + after];
    Arrays.setAll(indices, i -> i < before || i >= before + channels ? Places.NONE : i - before);
    LoweredValue squares = Norms.powers(node, in, 2);
    int behind = in.elements() / batch / channels;
    LoweredValue rows = MoveLayers.shaped(squares, List.of(batch, channels, behind));
    LoweredValue padded =
        MoveLayers.add(node, "pad", rows, Places.of(rows.dims()).taken(1, indices));
    int from = node.shaped(padded.tensor(), batch, indices.length, behind);
    TensorType to = TensorType.floats(batch, channels, behind);
    Window window = new Window(size, 1, 1, 1, 1, 1, 0, 0, 0, 0);
    int mean = node.add(new MeanPool(node.unique("mean"), from, to, window));
    LoweredValue means = new LoweredValue(mean, in.dims(), NdType.FLOAT);
    LoweredValue base =
        NumberLayers.function(
            node,
            node.unique("base"),
            means,
            Formula.LINEAR,
            node.attributes().number("alpha", 0.0001f),
            node.attributes().number("bias", 1));
    LoweredValue beta =
        NumberLayers.constant(node, "beta", node.attributes().number("beta", 0.75f));
    LoweredValue power = SumLayers.pair(node, "power", Operation.POWER, base, beta);
    node.put(0, SumLayers.pair(node, Operation.DIVIDE, in, power, node.unique()));
  }
}
