package dev.narrows.network.onnx.write;

import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.List;

/** Functions of integers that stand for themselves, in 64 bits; truth values are 0 and 1. */
final class IntegerNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;

  IntegerNodes(GraphTensors tensors) {
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  OnnxValue function(IntegerFunction layer, int tensor) {
    OnnxValue in = tensors.get(layer.input());
    OnnxValue made =
        switch (layer.rule()) {
          case KEEP -> in;
          case TRUTH -> cast(in, tensor, "truth", DataType.BOOL);
          case NOT ->
              step("Not", List.of(cast(in, tensor, "truth", DataType.BOOL)), tensor, DataType.BOOL);
          case NEGATIVE -> step("Neg", List.of(wide(in, tensor, "in")), tensor, DataType.INT64);
          case ABSOLUTE -> step("Abs", List.of(wide(in, tensor, "in")), tensor, DataType.INT64);
          case SIGN -> step("Sign", List.of(wide(in, tensor, "in")), tensor, DataType.INT64);
          default -> throw new CannotExpress("has no operator in ONNX");
        };
    return last(layer, made, tensor);
  }

  OnnxValue elementwise(IntegerElementwise layer, int tensor) {
    OnnxValue left = tensors.get(layer.left());
    OnnxValue right = tensors.get(layer.right());
    if (left.rank() != right.rank()) {
      left = tensors.spatial(left, layer.left());
      right = tensors.spatial(right, layer.right());
    }
    List<OnnxValue> both = List.of(wide(left, tensor, "left"), wide(right, tensor, "right"));
    OnnxValue made =
        switch (layer.operation()) {
          case ADD -> step("Add", both, tensor, DataType.INT64);
          case SUBTRACT -> step("Sub", both, tensor, DataType.INT64);
          case MULTIPLY -> step("Mul", both, tensor, DataType.INT64);
          case DIVIDE -> step("Div", both, tensor, DataType.INT64);
          case FLOOR_REMAINDER -> step("Mod", both, tensor, DataType.INT64);
          case MAXIMUM -> step("Max", both, tensor, DataType.INT64);
          case MINIMUM -> step("Min", both, tensor, DataType.INT64);
          case AND -> step("BitwiseAnd", both, tensor, DataType.INT64);
          case OR -> step("BitwiseOr", both, tensor, DataType.INT64);
          case EXCLUSIVE_OR -> step("BitwiseXor", both, tensor, DataType.INT64);
          case LESS -> step("Less", both, tensor, DataType.BOOL);
          case LESS_OR_EQUAL -> step("LessOrEqual", both, tensor, DataType.BOOL);
          case GREATER -> step("Greater", both, tensor, DataType.BOOL);
          case GREATER_OR_EQUAL -> step("GreaterOrEqual", both, tensor, DataType.BOOL);
          case EQUAL -> step("Equal", both, tensor, DataType.BOOL);
          default -> throw new CannotExpress("has no operator in ONNX");
        };
    return last(layer, made, tensor);
  }

  private OnnxValue wide(OnnxValue in, int tensor, String what) {
    return cast(in, tensor, what + ".wide", DataType.INT64, in.shape());
  }

  private OnnxValue cast(OnnxValue in, int tensor, String what, DataType type) {
    return cast(in, tensor, what, type, in.shape());
  }

  private OnnxValue cast(OnnxValue in, int tensor, String what, DataType type, List<Long> shape) {
    String name = graph.free(tensors.network().tensorName(tensor) + "." + what);
    return graph.node(
        "Cast",
        List.of(in),
        OnnxValue.plain(name, type, shape),
        Attributes.integer("to", type.getNumber()));
  }

  private OnnxValue step(String operator, List<OnnxValue> in, int tensor, DataType type) {
    return graph.node(operator, in, tensors.step(tensor, "result", type, in.getFirst().rank()));
  }

  /** In the output's type; higher bits are cut there. */
  private OnnxValue last(Layer layer, OnnxValue made, int tensor) {
    return graph.node(
        layer.name(),
        "",
        "Cast",
        List.of(made),
        tensors.made(tensor, made.rank()),
        Attributes.integer("to", tensors.type(tensor).getNumber()));
  }
}
