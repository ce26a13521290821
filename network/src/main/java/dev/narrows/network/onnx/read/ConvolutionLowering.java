package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Convolutions and transposed ones. One image of two dimensions (or of one) with constant weights
 * is a convolution layer as it stands. Every other gathers the columns of its windows, which are
 * multiplied as a matrix: the terms stand in the order of a convolution's, taps before channels.
 */
final class ConvolutionLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "Conv", node -> lower(node, false),
          "com.microsoft.FusedConv",
              node -> FusedFunctions.behind(node, ConvolutionLowering::fused),
          "ConvTranspose", node -> lower(node, true));

  private ConvolutionLowering() {}

  /** A convolution of two axes or one, and what is added to it before its function. */
  private static void fused(LoweringNode node) throws NotNativeException {
    if (node.has(3)) {
      throw new NotNativeException("something is added before its function");
    }
    lower(node, false);
  }

  /**
   * A convolution's shapes.
   *
   * @param channels of the input
   * @param outputs channels of the output
   */
  private record Shape(
      int batch, int channels, int outputs, int groups, WindowAxis[] axes, boolean transposed) {
    int taps() {
      int taps = 1;
      for (WindowAxis axis : axes) {
        taps = Math.multiplyExact(taps, axis.kernel());
      }
      return taps;
    }

    int positions() {
      int positions = 1;
      for (WindowAxis axis : axes) {
        positions = Math.multiplyExact(positions, axis.output());
      }
      return positions;
    }

    int terms() {
      return Math.multiplyExact(taps(), channels / groups);
    }

    List<Integer> dims() {
      List<Integer> dims = new ArrayList<>(List.of(batch, outputs));
      for (WindowAxis axis : axes) {
        dims.add(axis.output());
      }
      return dims;
    }

    /**
     * Whether a layer of images does it: one image, at most two axes, paddings that are none below
     * zero, and of a transposed one as much more output as the layer has.
     */
    boolean isImage() {
      boolean image = batch == 1 && axes.length <= 2 && taps() <= 1 << 16;
      for (WindowAxis axis : axes) {
        image &= axis.before() >= 0 && axis.after() >= 0;
        image &= axis.extent() <= 1 << 16;
        if (transposed) {
          long least =
              (axis.size() - 1L) * axis.stride() - axis.before() - axis.after() + axis.extent();
          image &= axis.output() >= least && axis.output() < least + axis.stride();
        }
      }
      return image;
    }

    Window window() {
      WindowAxis columns = axes[axes.length - 1];
      WindowAxis rows = axes.length == 1 ? new WindowAxis(1, 1, 1, 1, 0, 0, 1, 0) : axes[0];
      return WindowAxis.window(rows, columns);
    }
  }

  private static void lower(LoweringNode node, boolean transposed) throws NotNativeException {
    LoweredValue in = node.floats(0);
    Optional<NdTensor> constant = SumLayers.weights(node, 1);
    List<Integer> kernel = constant.isPresent() ? constant.get().dims() : node.floats(1).dims();
    Shape shape = shape(node, in, kernel, transposed);
    if (constant.isEmpty()) {
      Places rows = rows(Places.of(kernel), shape);
      LoweredValue weights = MoveLayers.add(node, "weights", node.floats(1), rows);
      LoweredValue made = multiplied(node, in, shape, weights);
      node.put(0, node.has(2) ? biased(node, made, shape, node.floats(2)) : made);
      return;
    }
    Optional<NdTensor> bias = SumLayers.weights(node, 2);
    float[] inside = bias.isPresent() ? bias.get().floats() : new float[0];
    if (bias.isPresent() && inside.length != shape.outputs()) {
      throw new IllegalArgumentException(
          "bias must have %d elements, got %s".formatted(shape.outputs(), bias.get().dims()));
    }
    float[] given = constant.get().floats();
    Places order = ordered(Places.of(kernel), shape);
    float[] weights = new float[given.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = given[order.at()[i]];
    }
    FloatOperands operands = SumLayers.operands(shape.outputs(), shape.terms(), weights, inside);
    LoweredValue made =
        shape.isImage() ? image(node, in, shape, operands) : gathered(node, in, shape, operands);
    boolean later = node.has(2) && bias.isEmpty();
    node.put(0, later ? biased(node, made, shape, node.floats(2)) : made);
  }

  private static Shape shape(
      LoweringNode node, LoweredValue in, List<Integer> kernel, boolean transposed) {
    int groups = node.attributes().int32("group", 1);
    int spatial = in.rank() - 2;
    if (spatial < 1 || kernel.size() != in.rank() || groups < 1) {
      throw new IllegalArgumentException(
          "%s is not convolved with %s in %d groups".formatted(in.dims(), kernel, groups));
    }
    int channels = in.dims().get(1);
    int first = kernel.get(0);
    int second = kernel.get(1);
    boolean fits =
        transposed
            ? first == channels && channels % groups == 0
            : (long) second * groups == channels && first % groups == 0;
    if (!fits || NdTensor.count(kernel) == 0) {
      throw new IllegalArgumentException(
          "%s is not convolved with %s in %d groups".formatted(in.dims(), kernel, groups));
    }
    int[] sizes = new int[spatial];
    int[] taps = new int[spatial];
    for (int i = 0; i < spatial; i++) {
      sizes[i] = in.dims().get(2 + i);
      taps[i] = kernel.get(2 + i);
    }
    WindowAxis[] axes =
        transposed
            ? WindowAxis.transposed(node.attributes(), sizes, taps)
            : WindowAxis.of(node.attributes(), sizes, taps, false);
    int outputs = transposed ? Math.multiplyExact(second, groups) : first;
    return new Shape(in.dims().get(0), channels, outputs, groups, axes, transposed);
  }

  /** Weights as a dot layer has them: [output][taps][input of the group]. */
  private static Places ordered(Places kernel, Shape shape) {
    int inputs = shape.channels() / shape.groups();
    int outputs = shape.outputs() / shape.groups();
    return shape.transposed()
        ? kernel.shaped(shape.groups(), inputs, outputs, shape.taps()).transposed(0, 2, 3, 1)
        : kernel.shaped(shape.outputs(), inputs, shape.taps()).transposed(0, 2, 1);
  }

  /** Weights as a product of activations has them: [group][taps][input][output]. */
  private static Places rows(Places kernel, Shape shape) {
    int outputs = shape.outputs() / shape.groups();
    Places ordered = ordered(kernel, shape);
    return ordered.shaped(shape.groups(), outputs, shape.terms()).transposed(0, 2, 1);
  }

  private static LoweredValue image(
      LoweringNode node, LoweredValue in, Shape shape, FloatOperands operands) {
    WindowAxis[] axes = shape.axes();
    WindowAxis columns = axes[axes.length - 1];
    int height = axes.length == 1 ? 1 : axes[0].size();
    int from = node.shaped(in.tensor(), shape.channels(), height, columns.size());
    TensorType to =
        TensorType.floats(
            shape.outputs(), axes.length == 1 ? 1 : axes[0].output(), columns.output());
    String name = node.unique();
    int made =
        node.add(
            shape.transposed()
                ? new TransposedConvolution(
                    name, from, to, shape.window(), shape.groups(), operands)
                : new Convolution(name, from, to, shape.window(), shape.groups(), operands));
    return new LoweredValue(made, shape.dims(), NdType.FLOAT);
  }

  /** The columns that windows see: [group][taps][input][batch][positions]. */
  private static LoweredValue windows(LoweringNode node, LoweredValue in, Shape shape) {
    int inputs = shape.channels() / shape.groups();
    Places at = Places.of(in.dims());
    List<Integer> split = new ArrayList<>(List.of(shape.batch(), shape.groups(), inputs));
    for (int i = 0; i < shape.axes().length; i++) {
      WindowAxis axis = shape.axes()[i];
      at = at.taken(2 + i, shape.transposed() ? axis.transposedTaps() : axis.taps());
      split.add(axis.kernel());
      split.add(axis.output());
    }
    int spatial = shape.axes().length;
    int[] order = new int[3 + 2 * spatial];
    order[0] = 1;
    for (int i = 0; i < spatial; i++) {
      order[1 + i] = 3 + 2 * i;
      order[3 + spatial + i] = 4 + 2 * i;
    }
    order[1 + spatial] = 2;
    order[2 + spatial] = 0;
    return MoveLayers.add(node, "windows", in, at.shaped(split).transposed(order));
  }

  private static LoweredValue gathered(
      LoweringNode node, LoweredValue in, Shape shape, FloatOperands operands) {
    int columns = Math.multiplyExact(shape.batch(), shape.positions());
    LoweredValue windows = windows(node, in, shape);
    int made = SumLayers.columns(node, windows.tensor(), columns, shape.groups(), operands);
    return back(node, made, shape);
  }

  private static LoweredValue multiplied(
      LoweringNode node, LoweredValue in, Shape shape, LoweredValue weights) {
    int columns = Math.multiplyExact(shape.batch(), shape.positions());
    LoweredValue windows = windows(node, in, shape);
    int outputs = shape.outputs() / shape.groups();
    int made =
        SumLayers.product(
            node,
            weights.tensor(),
            windows.tensor(),
            shape.groups(),
            shape.terms(),
            outputs,
            columns);
    return back(node, made, shape);
  }

  /** From [output][batch][positions] to [batch][output][positions]. */
  private static LoweredValue back(LoweringNode node, int made, Shape shape) {
    List<Integer> dims = List.of(shape.outputs(), shape.batch(), shape.positions());
    LoweredValue columns = new LoweredValue(made, dims, NdType.FLOAT);
    return MoveLayers.shaped(MoveLayers.transposed(node, columns, 1, 0, 2), shape.dims());
  }

  private static LoweredValue biased(
      LoweringNode node, LoweredValue made, Shape shape, LoweredValue bias) {
    List<Integer> dims = new ArrayList<>(List.of(shape.outputs()));
    for (int i = 0; i < shape.axes().length; i++) {
      dims.add(1);
    }
    return SumLayers.plus(node, made, MoveLayers.shaped(bias, dims));
  }
}
