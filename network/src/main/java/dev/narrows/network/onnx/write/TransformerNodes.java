package dev.narrows.network.onnx.write;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Layers of real numbers over channels, rows or tables, as transformers have them. */
final class TransformerNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final MoveNodes moves;

  TransformerNodes(GraphTensors tensors, MoveNodes moves) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.moves = moves;
  }

  private OnnxValue in(int tensor) {
    return tensors.spatial(tensors.get(tensor), tensor);
  }

  private OnnxValue step(String operator, List<OnnxValue> in, int tensor, String what) {
    return graph.node(operator, in, tensors.step(tensor, what, DataType.FLOAT, 4));
  }

  /** Over the last axis. */
  OnnxValue softmax(Softmax layer, int tensor) {
    OnnxValue x = in(layer.input());
    String name = layer.name();
    if (layer.scale() != 1) {
      OnnxValue scale = tensors.scalar(name + ".scale", layer.scale());
      x = step("Mul", List.of(x, scale), tensor, "scaled");
    }
    if (layer.causal()) {
      x = step("Add", List.of(x, mask(layer)), tensor, "masked");
    }
    return graph.node(
        name, "", "Softmax", List.of(x), tensors.made(tensor, 4), Attributes.integer("axis", 3));
  }

  /** −∞ for what a row does not see. */
  private OnnxValue mask(Softmax layer) {
    TensorType type = layer.output();
    float[] mask = new float[type.height() * type.width()];
    for (int t = 0; t < type.height(); t++) {
      for (int s = t + 1; s < type.width(); s++) {
        mask[t * type.width() + s] = Float.NEGATIVE_INFINITY;
      }
    }
    return graph.constant(
        layer.name() + ".mask", NdTensor.of(mask, 1, 1, type.height(), type.width()));
  }

  OnnxValue normalization(Normalization layer, int tensor) {
    OnnxValue x = in(layer.input());
    String name = layer.name();
    OnnxValue axis = moves.longs(name + ".axes", 1);
    OnnxValue centred = x;
    if (layer.form() == Normalization.Form.LAYER) {
      OnnxValue mean = reduced("ReduceMean", x, axis, tensor, "mean");
      centred = step("Sub", List.of(x, mean), tensor, "centred");
    }
    OnnxValue squares = step("Mul", List.of(centred, centred), tensor, "squares");
    OnnxValue spread = reduced("ReduceMean", squares, axis, tensor, "spread");
    OnnxValue epsilon = tensors.scalar(name + ".epsilon", layer.epsilon());
    OnnxValue raised = graph.node("Add", List.of(spread, epsilon), like(spread, name + ".raised"));
    OnnxValue root = graph.node("Sqrt", List.of(raised), like(spread, name + ".root"));
    OnnxValue normal = step("Div", List.of(centred, root), tensor, "normal");
    OnnxValue gain =
        graph.constant(name + ".gain", NdTensor.of(layer.gain(), layer.gain().length, 1, 1));
    if (layer.shift().length == 0) {
      return graph.node(name, "", "Mul", List.of(normal, gain), tensors.made(tensor, 4));
    }
    OnnxValue scaled = step("Mul", List.of(normal, gain), tensor, "scaled");
    OnnxValue shift =
        graph.constant(name + ".shift", NdTensor.of(layer.shift(), layer.shift().length, 1, 1));
    return graph.node(name, "", "Add", List.of(scaled, shift), tensors.made(tensor, 4));
  }

  private OnnxValue like(OnnxValue value, String name) {
    return OnnxValue.plain(graph.free(name), value.type(), value.shape());
  }

  /** Over the channels, which become one. */
  private OnnxValue reduced(String operator, OnnxValue x, OnnxValue axis, int tensor, String what) {
    return graph.node(
        operator,
        List.of(x, axis),
        OnnxValue.plain(
            graph.free(tensors.network().tensorName(tensor) + "." + what),
            DataType.FLOAT,
            List.of(x.size(0), 1L, x.size(2), x.size(3))),
        Attributes.integer("keepdims", 1));
  }

  OnnxValue reduce(Reduce layer, int tensor) {
    String operator =
        switch (layer.reduction()) {
          case SUM -> "ReduceSum";
          case MEAN -> "ReduceMean";
          case PRODUCT -> "ReduceProd";
        };
    return graph.node(
        layer.name(),
        "",
        operator,
        List.of(in(layer.input()), moves.axes(layer.name(), layer.over().axes())),
        tensors.made(tensor, 4),
        Attributes.integer("keepdims", 1));
  }

  /** x·cos + swapped x·sin, where swapping exchanges the channels of a pair. */
  OnnxValue rotary(Rotary layer, int tensor) {
    OnnxValue x = in(layer.input());
    TensorType type = layer.output();
    int channels = type.channels();
    float[] cosines = layer.turns(true);
    float[] sines = layer.turns(false);
    float[] straight = new float[type.elements()];
    float[] crossed = new float[type.elements()];
    long[] partner = new long[channels];
    int pairs = layer.headSize() / 2;
    for (int c = 0; c < channels; c++) {
      partner[c] = c ^ 1;
      for (int p = 0; p < type.positions(); p++) {
        int turn = p * pairs + c / 2 % pairs;
        straight[c * type.positions() + p] = cosines[turn];
        crossed[c * type.positions() + p] = c % 2 == 0 ? -sines[turn] : sines[turn];
      }
    }
    String name = layer.name();
    int[] shape = {1, channels, type.height(), type.width()};
    OnnxValue swapped =
        graph.node(
            "Gather",
            List.of(x, moves.longs(name + ".partners", partner)),
            tensors.step(tensor, "swapped", DataType.FLOAT, 4),
            Attributes.integer("axis", 1));
    OnnxValue cosine = graph.constant(name + ".cosines", NdTensor.of(straight, shape));
    OnnxValue sine = graph.constant(name + ".sines", NdTensor.of(crossed, shape));
    OnnxValue along = step("Mul", List.of(x, cosine), tensor, "along");
    OnnxValue across = step("Mul", List.of(swapped, sine), tensor, "across");
    return graph.node(name, "", "Add", List.of(along, across), tensors.made(tensor, 4));
  }

  OnnxValue embedding(Embedding layer, int tensor) {
    TensorType to = layer.output();
    String name = layer.name();
    OnnxValue ids = in(layer.input());
    long batch = ids.size(0);
    OnnxValue wide =
        graph.node(
            "Cast",
            List.of(ids),
            OnnxValue.plain(graph.free(name + ".ids"), DataType.INT64, ids.shape()),
            Attributes.integer("to", DataType.INT64.getNumber()));
    OnnxValue flat =
        tensors.shaped(wide, "flat", List.of(batch, (long) to.height(), (long) to.width()));
    OnnxValue table =
        graph.constant(name + ".table", NdTensor.of(layer.table(), layer.rows(), to.channels()));
    OnnxValue rows =
        graph.node(
            "Gather",
            List.of(table, flat),
            OnnxValue.plain(
                graph.free(name + ".rows"),
                DataType.FLOAT,
                List.of(batch, (long) to.height(), (long) to.width(), (long) to.channels())),
            Attributes.integer("axis", 0));
    return graph.node(
        name,
        "",
        "Transpose",
        List.of(rows),
        tensors.made(tensor, 4),
        Attributes.integers("perm", 0, 3, 1, 2));
  }

  /** A format that real numbers are rounded to, as a type of ONNX; refused where there is none. */
  static void requireBinary32(TensorType type) {
    type.stored()
        .map(FloatingFormat::toString)
        .ifPresent(format -> {
          throw new CannotExpress("is rounded to " + format + ", which no operator does");
        });
  }
}
