package dev.narrows.network.onnx.write;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.RoundTo;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.List;

/** Functions of real numbers, element by element. Their last bits are the runtime's. */
final class NumberNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;

  NumberNodes(GraphTensors tensors) {
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  OnnxValue activation(Activation layer, int tensor) {
    OnnxValue x = tensors.get(layer.input());
    OnnxValue to = tensors.made(tensor, x.rank());
    String name = layer.name();
    return switch (layer.function()) {
      case RELU -> graph.node("Relu", List.of(x), to);
      case RELU6 -> clip(name, x, 0, 6, to);
      case RELU_N1_TO_1 -> clip(name, x, -1, 1, to);
      case RELU_0_TO_1 -> clip(name, x, 0, 1, to);
      case HARD_SWISH -> graph.node("HardSwish", List.of(x), to);
      case LOGISTIC -> graph.node("Sigmoid", List.of(x), to);
      case TANH -> graph.node("Tanh", List.of(x), to);
      case GELU, GELU_TANH ->
          graph.node("Gelu", List.of(x), to, Attributes.text("approximate", "tanh"));
      case GELU_ERF -> graph.node("Gelu", List.of(x), to);
      case ERF -> graph.node("Erf", List.of(x), to);
      case SILU ->
          graph.node(name, "", "Mul", List.of(x, step("Sigmoid", x, tensor, "sigmoid")), to);
      case ABSOLUTE -> graph.node("Abs", List.of(x), to);
      case NEGATIVE -> graph.node("Neg", List.of(x), to);
      case SIGN -> graph.node("Sign", List.of(x), to);
      case SQUARE -> graph.node("Mul", List.of(x, x), to);
      case SQUARE_ROOT -> graph.node("Sqrt", List.of(x), to);
      case RECIPROCAL_SQUARE_ROOT ->
          graph.node(name, "", "Reciprocal", List.of(step("Sqrt", x, tensor, "root")), to);
      case RECIPROCAL -> graph.node("Reciprocal", List.of(x), to);
      case EXPONENTIAL -> graph.node("Exp", List.of(x), to);
      case LOGARITHM -> graph.node("Log", List.of(x), to);
      case SOFTPLUS -> graph.node("Softplus", List.of(x), to);
      case SOFTSIGN -> graph.node("Softsign", List.of(x), to);
      case MISH -> graph.node("Mish", List.of(x), to);
      case FLOOR -> graph.node("Floor", List.of(x), to);
      case CEILING -> graph.node("Ceil", List.of(x), to);
      case ROUND -> graph.node("Round", List.of(x), to);
      case SINE -> graph.node("Sin", List.of(x), to);
      case COSINE -> graph.node("Cos", List.of(x), to);
      default -> throw new CannotExpress("has no operator in ONNX");
    };
  }

  OnnxValue shaped(ShapedActivation layer, int tensor) {
    OnnxValue x = tensors.get(layer.input());
    OnnxValue to = tensors.made(tensor, x.rank());
    AttributeProto alpha = Attributes.real("alpha", layer.alpha());
    return switch (layer.formula()) {
      case LEAKY_RELU -> graph.node("LeakyRelu", List.of(x), to, alpha);
      case ELU -> graph.node("Elu", List.of(x), to, alpha);
      case SELU ->
          graph.node("Selu", List.of(x), to, alpha, Attributes.real("gamma", layer.beta()));
      case CELU -> graph.node("Celu", List.of(x), to, alpha);
      case HARD_SIGMOID ->
          graph.node("HardSigmoid", List.of(x), to, alpha, Attributes.real("beta", layer.beta()));
      case THRESHOLDED_RELU -> graph.node("ThresholdedRelu", List.of(x), to, alpha);
      case CLIP -> clip(layer.name(), x, layer.alpha(), layer.beta(), to);
      case LINEAR -> {
        OnnxValue scaled =
            graph.node(
                "Mul",
                List.of(x, tensors.scalar(layer.name() + ".factor", layer.alpha())),
                tensors.step(tensor, "scaled", DataType.FLOAT, x.rank()));
        OnnxValue shift = tensors.scalar(layer.name() + ".shift", layer.beta());
        yield graph.node(layer.name(), "", "Add", List.of(scaled, shift), to);
      }
      default -> throw new CannotExpress("has no operator in ONNX");
    };
  }

  private OnnxValue clip(String name, OnnxValue x, float low, float high, OnnxValue to) {
    return graph.node(
        "Clip",
        List.of(x, tensors.scalar(name + ".min", low), tensors.scalar(name + ".max", high)),
        to);
  }

  OnnxValue elementwise(Elementwise layer, int tensor) {
    OnnxValue left = tensors.get(layer.left());
    OnnxValue right = tensors.get(layer.right());
    if (left.rank() != right.rank()) {
      left = tensors.spatial(left, layer.left());
      right = tensors.spatial(right, layer.right());
    }
    List<OnnxValue> both = List.of(left, right);
    OnnxValue to = tensors.made(tensor, left.rank());
    return switch (layer.operation()) {
      case ADD -> graph.node("Add", both, to);
      case SUBTRACT -> graph.node("Sub", both, to);
      case MULTIPLY -> graph.node("Mul", both, to);
      case DIVIDE -> graph.node("Div", both, to);
      case MAXIMUM -> graph.node("Max", both, to);
      case MINIMUM -> graph.node("Min", both, to);
      case SQUARED_DIFFERENCE -> {
        OnnxValue difference = step("Sub", both, tensor, "difference", DataType.FLOAT);
        yield graph.node(layer.name(), "", "Mul", List.of(difference, difference), to);
      }
      case POWER -> graph.node("Pow", both, to);
      case SLOPE -> graph.node("PRelu", both, to);
      case FLOOR_DIVIDE ->
          graph.node(
              layer.name(),
              "",
              "Floor",
              List.of(step("Div", both, tensor, "quotient", DataType.FLOAT)),
              to);
      case LESS -> compared("Less", both, tensor, to);
      case LESS_OR_EQUAL -> compared("LessOrEqual", both, tensor, to);
      case GREATER -> compared("Greater", both, tensor, to);
      case GREATER_OR_EQUAL -> compared("GreaterOrEqual", both, tensor, to);
      case EQUAL -> compared("Equal", both, tensor, to);
      case NOT_EQUAL -> {
        OnnxValue equal = step("Equal", both, tensor, "equal", DataType.BOOL);
        yield number(step("Not", List.of(equal), tensor, "unequal", DataType.BOOL), to);
      }
      default -> throw new CannotExpress("has no operator in ONNX");
    };
  }

  private OnnxValue compared(String operator, List<OnnxValue> both, int tensor, OnnxValue to) {
    return number(step(operator, both, tensor, "holds", DataType.BOOL), to);
  }

  private OnnxValue number(OnnxValue truth, OnnxValue to) {
    return graph.node(
        "Cast", List.of(truth), to, Attributes.integer("to", DataType.FLOAT.getNumber()));
  }

  private OnnxValue step(
      String operator, List<OnnxValue> in, int tensor, String what, DataType type) {
    return graph.node(operator, in, tensors.step(tensor, what, type, in.getFirst().rank()));
  }

  private OnnxValue step(String operator, OnnxValue in, int tensor, String what) {
    return step(operator, List.of(in), tensor, what, DataType.FLOAT);
  }

  OnnxValue positions(Positions layer, int tensor) {
    OnnxValue x = tensors.spatial(tensors.get(layer.input()), layer.input());
    OnnxValue table =
        graph.constant(
            layer.name() + ".table",
            NdTensor.of(
                layer.table(),
                1,
                layer.output().channels(),
                layer.output().height(),
                layer.output().width()));
    return graph.node("Add", List.of(x, table), tensors.made(tensor, 4));
  }

  /** Casts there and back. */
  OnnxValue rounded(RoundTo layer, int tensor) {
    DataType stored =
        switch (layer.grid()) {
          case FLOAT16 -> DataType.FLOAT16;
          case BFLOAT16 -> DataType.BFLOAT16;
          default -> throw new CannotExpress("has no form in ONNX");
        };
    if (layer.saturates()) {
      throw new CannotExpress("saturates, which casts to 16 bits do not");
    }
    OnnxValue x = tensors.get(layer.input());
    OnnxValue narrow =
        graph.node(
            "Cast",
            List.of(x),
            tensors.step(tensor, "stored", stored, x.rank()),
            Attributes.integer("to", stored.getNumber()));
    return graph.node(
        layer.name(),
        "",
        "Cast",
        List.of(narrow),
        tensors.made(tensor, x.rank()),
        Attributes.integer("to", DataType.FLOAT.getNumber()));
  }

  /** Rows gathered and weighed, tap by tap. */
  OnnxValue blend(Blend layer, int tensor) {
    OnnxValue x = tensors.spatial(tensors.get(layer.input()), layer.input());
    OnnxValue sum = weighed(layer, 0, x, tensor);
    for (int tap = 1; tap < layer.taps(); tap++) {
      OnnxValue to =
          tap + 1 < layer.taps()
              ? tensors.step(tensor, "sum" + tap, DataType.FLOAT, 4)
              : tensors.made(tensor, 4);
      String name = tap + 1 < layer.taps() ? to.name() : layer.name();
      sum = graph.node(name, "", "Add", List.of(sum, weighed(layer, tap, x, tensor)), to);
    }
    return sum;
  }

  private OnnxValue weighed(Blend layer, int tap, OnnxValue x, int tensor) {
    int height = layer.output().height();
    long[] rows = new long[height];
    float[] weights = new float[height];
    for (int y = 0; y < height; y++) {
      rows[y] = layer.rows()[y * layer.taps() + tap];
      weights[y] = layer.weights()[y * layer.taps() + tap];
    }
    String name = layer.name() + ".tap" + tap;
    OnnxValue taken =
        graph.node(
            "Gather",
            List.of(x, graph.longs(name + ".rows", rows, height)),
            tensors.step(tensor, "rows" + tap, DataType.FLOAT, 4),
            Attributes.integer("axis", 2));
    OnnxValue weight = graph.constant(name + ".weights", NdTensor.of(weights, height, 1));
    return layer.taps() == 1
        ? graph.node(layer.name(), "", "Mul", List.of(taken, weight), tensors.made(tensor, 4))
        : step("Mul", List.of(taken, weight), tensor, "weighed" + tap, DataType.FLOAT);
  }
}
