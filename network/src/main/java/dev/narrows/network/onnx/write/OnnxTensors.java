package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a network as they stand in the graph, by index: code − zero point in float32, of
 * rank 4, or of rank 2 behind what flattens. A layer's tensor bears the layer's name.
 */
final class OnnxTensors {
  private final Network network;
  private final InputRanges ranges;
  private final GraphBuilder graph;
  private final OnnxValue input;
  private final String last;
  private final List<OnnxValue> values = new ArrayList<>();

  OnnxTensors(Network network) {
    this.network = network;
    this.ranges = InputRanges.of(network);
    this.graph =
        new GraphBuilder(network.name(), network.layers().stream().map(Layer::name).toList());
    TensorType type = network.input();
    Quantization codes = type.quantization();
    IntegerRange all = IntegerRange.of(codes.format());
    long[] shape = {1, type.channels(), type.height(), type.width()};
    this.input = graph.declare(OnnxValue.of(graph.free("input"), DataType.FLOAT, all, shape));
    int zero = codes.zeroPoint();
    values.add(
        zero == 0 ? input : shifted(input, graph.free("input.centred"), -zero, all.minus(zero)));
    String name = network.layers().getLast().name();
    this.last = outputZero() == 0 ? name : graph.free(name + ".centred");
  }

  GraphBuilder graph() {
    return graph;
  }

  InputRanges ranges() {
    return ranges;
  }

  /** The graph's input, stored codes. */
  OnnxValue input() {
    return input;
  }

  /** The graph's output, stored codes, from the last layer's tensor. */
  OnnxValue output() {
    OnnxValue centred = values.getLast();
    int zero = outputZero();
    IntegerRange codes = ranges.tensor(network.tensors() - 1);
    return zero == 0 ? centred : shifted(centred, network.layers().getLast().name(), zero, codes);
  }

  private int outputZero() {
    return network.output().quantization().zeroPoint();
  }

  private OnnxValue shifted(OnnxValue from, String name, int add, IntegerRange becomes) {
    String constant = name + ".zeroPoint";
    OnnxValue zero =
        from.type() == DataType.INT64
            ? graph.longs(constant, new long[] {add})
            : graph.floats(constant, new IntegerRange(add, add), new long[] {add});
    return graph.node(
        "Add", List.of(from, zero), OnnxValue.of(name, from.type(), becomes, from.shape()));
  }

  OnnxValue get(int tensor) {
    return values.get(tensor);
  }

  /** The tensor that the next layer makes. */
  void add(OnnxValue value) {
    values.add(value);
  }

  /** What a layer's tensor is called before its zero point is added back. */
  String name(int tensor) {
    return tensor == network.tensors() - 1 ? last : network.tensorName(tensor);
  }

  /** Codes − zero point that a tensor can hold. */
  IntegerRange centred(int tensor) {
    return ranges.tensor(tensor).minus(network.tensor(tensor).quantization().zeroPoint());
  }

  /** The tensor that a layer makes, still to be made by a node. */
  OnnxValue made(int tensor, DataType type, int rank) {
    TensorType to = network.tensor(tensor);
    long[] shape =
        rank == 2
            ? new long[] {1, to.channels()}
            : new long[] {1, to.channels(), to.height(), to.width()};
    return OnnxValue.of(name(tensor), type, centred(tensor), shape);
  }

  /** As [1, channels]. */
  OnnxValue flat(OnnxValue value) {
    if (value.rank() == 2) {
      return value;
    }
    long channels = value.size(1) * value.size(2) * value.size(3);
    OnnxValue to = value.as(graph.free(value.name() + ".flat"), 1, channels);
    return graph.node("Flatten", List.of(value), to, Attributes.integer("axis", 1));
  }

  /** As [1, channels, height, width]. */
  OnnxValue spatial(OnnxValue value) {
    if (value.rank() == 4) {
      return value;
    }
    long[] shape = {1, value.size(1), 1, 1};
    OnnxValue sizes = graph.longs(value.name() + ".shape", shape, shape.length);
    OnnxValue to = value.as(graph.free(value.name() + ".spatial"), shape);
    return graph.node("Reshape", List.of(value, sizes), to);
  }
}
