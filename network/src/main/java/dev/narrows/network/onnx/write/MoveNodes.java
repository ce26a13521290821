package dev.narrows.network.onnx.write;

import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Layers that move or choose elements without changing them: on codes where the form has operators
 * on codes and these are bytes, else on what they stand for.
 */
final class MoveNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;

  MoveNodes(GraphTensors tensors) {
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  private boolean asCodes(int tensor) {
    return !tensors.network().tensor(tensor).isFloat()
        && (tensors.type(tensor) == DataType.INT32
            || tensors.bytes(tensor)
                && (tensors.options().form() == OnnxForm.QOPERATOR || tensors.options().exact()));
  }

  private OnnxValue in(int input, int tensor) {
    return asCodes(tensor) ? tensors.get(input) : tensors.number(input);
  }

  private OnnxValue to(int tensor, int rank) {
    return asCodes(tensor) ? tensors.made(tensor, rank) : tensors.numbers(tensor, rank);
  }

  private OnnxValue done(OnnxValue made, int tensor) {
    return asCodes(tensor) ? made : tensors.quantized(made, tensor);
  }

  private OnnxValue node(
      Layer layer,
      String operator,
      List<OnnxValue> inputs,
      int tensor,
      int rank,
      AttributeProto... attributes) {
    return done(
        graph.node(layer.name(), "", operator, inputs, to(tensor, rank), attributes), tensor);
  }

  OnnxValue maxPool(MaxPool pool, int tensor) {
    OnnxValue in = tensors.spatial(in(pool.input(), tensor), pool.input());
    return node(
        pool,
        "MaxPool",
        List.of(in),
        tensor,
        4,
        Attributes.poolWindow(pool.window()).toArray(AttributeProto[]::new));
  }

  OnnxValue flatten(Flatten flatten, int tensor) {
    OnnxValue in = in(flatten.input(), tensor);
    return node(flatten, "Flatten", List.of(in), tensor, 2, Attributes.integer("axis", 1));
  }

  OnnxValue subsample(Subsample sub, int tensor) {
    OnnxValue in = tensors.spatial(in(sub.input(), tensor), sub.input());
    String name = sub.name();
    return node(
        sub,
        "Slice",
        List.of(
            in,
            longs(name + ".starts", 0, 0),
            longs(name + ".ends", in.size(2), in.size(3)),
            longs(name + ".axes", 2, 3),
            longs(name + ".steps", sub.strideHeight(), sub.strideWidth())),
        tensor,
        4);
  }

  OnnxValue channelPad(ChannelPad pad, int tensor) {
    OnnxValue in = in(pad.input(), tensor);
    long[] pads = new long[2 * in.rank()]; // all begins, then all ends
    pads[1] = pad.before();
    pads[in.rank() + 1] = pad.after();
    List<OnnxValue> inputs = new ArrayList<>(List.of(in, longs(pad.name() + ".pads", pads)));
    if (asCodes(tensor)) {
      inputs.add(tensors.zeroPoint(tensor));
    }
    return node(pad, "Pad", inputs, tensor, in.rank());
  }

  /** The largest or smallest along axes. */
  OnnxValue extremum(Extremum extremum, int tensor) {
    OnnxValue in = tensors.spatial(in(extremum.input(), tensor), extremum.input());
    return node(
        extremum,
        extremum.least() ? "ReduceMin" : "ReduceMax",
        List.of(in, axes(extremum.name(), extremum.over().axes())),
        tensor,
        4,
        Attributes.integer("keepdims", 1));
  }

  /** Axes of [C][H][W] as those of [N][C][H][W]. */
  OnnxValue axes(String name, int[] axes) {
    return longs(name + ".axes", Arrays.stream(axes).mapToLong(axis -> axis + 1L).toArray());
  }

  OnnxValue choose(Choose choose, int tensor) {
    OnnxValue condition = tensors.spatial(tensors.number(choose.condition()), choose.condition());
    OnnxValue holds = cast(condition, choose.name() + ".holds", DataType.BOOL);
    OnnxValue left = tensors.spatial(tensors.number(choose.left()), choose.left());
    OnnxValue right = tensors.spatial(tensors.number(choose.right()), choose.right());
    OnnxValue made =
        graph.node(
            choose.name(), "", "Where", List.of(holds, left, right), tensors.numbers(tensor, 4));
    return tensors.quantized(made, tensor);
  }

  private OnnxValue cast(OnnxValue value, String name, DataType to) {
    return graph.node(
        "Cast",
        List.of(value),
        OnnxValue.plain(graph.free(name), to, value.shape()),
        Attributes.integer("to", to.getNumber()));
  }

  OnnxValue takeAlong(TakeAlong layer, int tensor) {
    OnnxValue data = tensors.spatial(in(layer.data(), tensor), layer.data());
    OnnxValue codes = tensors.spatial(tensors.get(layer.indices()), layer.indices());
    OnnxValue indices = cast(codes, layer.name() + ".indices", DataType.INT64);
    List<OnnxValue> both = List.of(data, indices);
    return node(layer, "GatherElements", both, tensor, 4, Attributes.integer("axis", 2));
  }

  OnnxValue rearrange(Rearrange layer, int tensor) {
    if (joinsChannels(tensors.network(), layer)) {
      List<OnnxValue> inputs = new ArrayList<>();
      for (int input : layer.inputs()) {
        inputs.add(tensors.spatial(in(input, tensor), input));
      }
      return node(layer, "Concat", inputs, tensor, 4, Attributes.integer("axis", 1));
    }
    return pick(layer, layer.places(), tensor);
  }

  /** Whether several whole tensors of one height and width stand one behind the other. */
  static boolean joinsChannels(Network network, Rearrange layer) {
    TensorType to = layer.output();
    boolean inOrder =
        layer.inputs().size() > 1
            && layer.base() == 0
            && !layer.padded()
            && layer.axes().size() == 1
            && layer.axes().getFirst().step() == 1;
    int channels = 0;
    for (int input : layer.inputs()) {
      TensorType from = network.tensor(input);
      inOrder &= from.height() == to.height() && from.width() == to.width();
      channels += from.channels();
    }
    return inOrder && channels == to.channels();
  }

  /**
   * Elements by their places in a row of all inputs; −1 for real zero. Nothing is gathered where
   * they stay in order.
   */
  OnnxValue pick(Layer layer, int[] places, int tensor) {
    String name = layer.name();
    List<OnnxValue> rows = new ArrayList<>();
    long elements = 0;
    for (int input : layer.inputs()) {
      OnnxValue in = in(input, tensor);
      rows.add(tensors.flat(in));
      elements += tensors.network().tensor(input).elements();
    }
    OnnxValue row = rows.getFirst();
    List<Long> shape = tensors.shape(tensor, 4);
    if (rows.size() > 1) {
      row =
          graph.node(
              "Concat",
              rows,
              OnnxValue.plain(
                  graph.free(name + ".row"), row.type(), List.of(shape.getFirst(), elements)),
              Attributes.integer("axis", 1));
    }
    boolean inOrder = places.length == elements;
    for (int i = 0; i < places.length && inOrder; i++) {
      inOrder = places[i] == i;
    }
    if (!inOrder) {
      row = gathered(name, row, places, elements, tensor);
    }
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    sizes[0] = 0;
    return node(layer, "Reshape", List.of(row, longs(name + ".shape", sizes)), tensor, 4);
  }

  private OnnxValue gathered(String name, OnnxValue row, int[] places, long elements, int tensor) {
    OnnxValue from = row;
    if (Arrays.stream(places).anyMatch(place -> place < 0)) {
      List<OnnxValue> inputs = new ArrayList<>(List.of(row, longs(name + ".pads", 0, 0, 0, 1)));
      if (asCodes(tensor)) {
        inputs.add(tensors.zeroPoint(tensor));
      }
      from =
          graph.node(
              "Pad",
              inputs,
              OnnxValue.plain(
                  graph.free(name + ".padded"), row.type(), List.of(row.size(0), elements + 1)));
    }
    long[] indices = new long[places.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = places[i] < 0 ? elements : places[i];
    }
    return graph.node(
        "Gather",
        List.of(from, longs(name + ".places", indices)),
        OnnxValue.plain(
            graph.free(name + ".gathered"), row.type(), List.of(row.size(0), (long) places.length)),
        Attributes.integer("axis", 1));
  }

  /** Rows and columns repeated. */
  OnnxValue repeated(Layer layer, long[] rows, long[] columns, int tensor) {
    int input = layer.inputs().getFirst();
    OnnxValue in = tensors.spatial(in(input, tensor), input);
    OnnxValue tall =
        graph.node(
            "Gather",
            List.of(in, longs(layer.name() + ".rows", rows)),
            OnnxValue.plain(
                graph.free(layer.name() + ".tall"),
                in.type(),
                List.of(in.size(0), in.size(1), (long) rows.length, in.size(3))),
            Attributes.integer("axis", 2));
    return node(
        layer,
        "Gather",
        List.of(tall, longs(layer.name() + ".columns", columns)),
        tensor,
        4,
        Attributes.integer("axis", 3));
  }

  OnnxValue longs(String name, long... values) {
    return graph.constant(name, NdTensor.of(values, values.length));
  }
}
