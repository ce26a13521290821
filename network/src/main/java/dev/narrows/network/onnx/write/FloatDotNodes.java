package dev.narrows.network.onnx.write;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layers that sum products of real numbers. The order of a sum is the runtime's. */
final class FloatDotNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final DotNodes dots;

  FloatDotNodes(GraphTensors tensors, DotNodes dots) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.dots = dots;
  }

  /** A dense layer or a convolution. */
  OnnxValue of(DotLayer layer, int tensor, FloatOperands operands) {
    operands
        .pinned()
        .filter(register -> !(register.accumulator() instanceof Exact))
        .ifPresent(register -> {
          throw new CannotExpress(
              "runs in the register " + register + ", and sums in a file are the runtime's");
        });
    String name = layer.name();
    boolean dense = layer instanceof Dense;
    OnnxValue x = tensors.get(layer.input());
    boolean scaled = operands.scale().length > 0;
    List<OnnxValue> inputs = new ArrayList<>();
    inputs.add(dense ? tensors.flat(x) : tensors.spatial(x, layer.input()));
    inputs.add(graph.constant(name + ".weights", weights(layer, operands.weights().values())));
    float[] bias = operands.bias();
    boolean biased = !allZero(bias);
    if (biased && !scaled) {
      inputs.add(graph.constant(name + ".bias", NdTensor.of(bias, bias.length)));
    }
    int rank = dense ? 2 : 4;
    boolean last = !scaled && !operands.relu();
    OnnxValue made =
        graph.node(
            name,
            "",
            DotNodes.operator(layer),
            inputs,
            last ? tensors.made(tensor, rank) : step(tensor, "sums", rank),
            dots.attributes(layer).toArray(AttributeProto[]::new));
    if (scaled) {
      OnnxValue scale = graph.constant(name + ".scale", perChannel(operands.scale(), rank));
      boolean ends = !biased && !operands.relu();
      made =
          graph.node(
              name + ".scaling",
              "",
              "Mul",
              List.of(made, scale),
              ends ? tensors.made(tensor, rank) : step(tensor, "scaled", rank));
    }
    if (scaled && biased) {
      OnnxValue shift = graph.constant(name + ".bias", perChannel(bias, rank));
      made =
          graph.node(
              name + ".shift",
              "",
              "Add",
              List.of(made, shift),
              operands.relu() ? step(tensor, "shifted", rank) : tensors.made(tensor, rank));
    }
    return operands.relu()
        ? graph.node(name + ".relu", "", "Relu", List.of(made), tensors.made(tensor, rank))
        : made;
  }

  private OnnxValue step(int tensor, String what, int rank) {
    return tensors.step(tensor, what, DataType.FLOAT, rank);
  }

  private static boolean allZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static NdTensor perChannel(float[] values, int rank) {
    return rank == 2
        ? NdTensor.of(values, values.length)
        : NdTensor.of(values, values.length, 1, 1);
  }

  private NdTensor weights(DotLayer layer, float[] values) {
    int channels = layer.output().channels();
    Window w = layer.window();
    int inputs = layer.terms() / w.taps();
    return switch (layer) {
      case Dense _ -> NdTensor.of(values, channels, layer.terms());
      case Convolution _ ->
          NdTensor.of(
              moved(values, WeightLayout.byInput(places(values.length), channels, w.taps())),
              channels,
              inputs,
              w.kernelHeight(),
              w.kernelWidth());
      case TransposedConvolution t ->
          NdTensor.of(
              moved(
                  values,
                  WeightLayout.transposed(places(values.length), channels, t.groups(), w.taps())),
              inputs * t.groups(),
              channels / t.groups(),
              w.kernelHeight(),
              w.kernelWidth());
    };
  }

  private static int[] places(int count) {
    int[] places = new int[count];
    Arrays.setAll(places, i -> i);
    return places;
  }

  private static float[] moved(float[] values, long[] places) {
    float[] moved = new float[places.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = values[(int) places[i]];
    }
    return moved;
  }

  /** Products of two activations. */
  OnnxValue product(MatMul layer, int tensor) {
    long heads = layer.heads();
    long rightHeads = layer.rightHeads();
    OnnxValue left = tensors.spatial(tensors.get(layer.left()), layer.left());
    OnnxValue right = tensors.spatial(tensors.get(layer.right()), layer.right());
    long size = right.size(1) / rightHeads;
    OnnxValue values =
        tensors.shaped(right, "heads", List.of(right.size(0), rightHeads, size, right.size(2)));
    if (rightHeads < heads) {
      long[] which = new long[(int) heads];
      Arrays.setAll(which, layer::rightHead);
      OnnxValue indices =
          graph.constant(layer.name() + ".rightHeads", NdTensor.of(which, which.length));
      values =
          graph.node(
              "Gather",
              List.of(values, indices),
              OnnxValue.plain(
                  graph.free(layer.name() + ".repeated"),
                  DataType.FLOAT,
                  List.of(right.size(0), heads, size, right.size(2))),
              Attributes.integer("axis", 1));
    }
    return switch (layer.form()) {
      case SCORES -> {
        OnnxValue queries =
            turned(tensors.shaped(left, "heads", List.of(left.size(0), heads, size, left.size(2))));
        yield graph.node(
            layer.name(), "", "MatMul", List.of(queries, values), tensors.made(tensor, 4));
      }
      case MIX -> {
        OnnxValue turned = turned(values);
        long rows = left.size(2);
        OnnxValue mixed =
            graph.node(
                layer.name(),
                "",
                "MatMul",
                List.of(left, turned),
                OnnxValue.plain(
                    graph.free(layer.name() + ".mixed"),
                    DataType.FLOAT,
                    List.of(tensors.shape(tensor, 4).getFirst(), heads, rows, size)));
        OnnxValue back = turned(mixed);
        yield joined(layer.name(), back, tensors.made(tensor, 4));
      }
    };
  }

  /** The last two axes swapped. */
  OnnxValue turned(OnnxValue value) {
    List<Long> shape = List.of(value.size(0), value.size(1), value.size(3), value.size(2));
    return graph.node(
        "Transpose",
        List.of(value),
        OnnxValue.plain(graph.free(value.name() + ".turned"), value.type(), shape),
        Attributes.integers("perm", 0, 1, 3, 2));
  }

  private OnnxValue joined(String name, OnnxValue value, OnnxValue to) {
    long[] sizes = to.shape().stream().mapToLong(Long::longValue).toArray();
    sizes[0] = 0;
    OnnxValue shape = graph.constant(name + ".shape", NdTensor.of(sizes, sizes.length));
    return graph.node(name + ".join", "", "Reshape", List.of(value, shape), to);
  }
}
