package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Functions of each element by itself. */
final class PointwiseLowering {
  static final Map<String, NodeLowering> ALL = all();

  private PointwiseLowering() {}

  /** A function's number, from the attributes. */
  private interface Parameter {
    float of(OnnxAttributes attributes);
  }

  private static Map<String, NodeLowering> all() {
    Map<String, NodeLowering> all = new HashMap<>();
    all.put("Relu", function(Function.RELU));
    all.put("Sigmoid", function(Function.LOGISTIC));
    all.put("Tanh", function(Function.TANH));
    all.put("HardSwish", function(Function.HARD_SWISH));
    all.put("Erf", function(Function.ERF));
    all.put("Exp", function(Function.EXPONENTIAL));
    all.put("Log", function(Function.LOGARITHM));
    all.put("Sqrt", function(Function.SQUARE_ROOT));
    all.put("Reciprocal", function(Function.RECIPROCAL));
    all.put("Softplus", function(Function.SOFTPLUS));
    all.put("Softsign", function(Function.SOFTSIGN));
    all.put("Mish", function(Function.MISH));
    all.put("Floor", function(Function.FLOOR));
    all.put("Ceil", function(Function.CEILING));
    all.put("Round", function(Function.ROUND));
    all.put("Sin", function(Function.SINE));
    all.put("Cos", function(Function.COSINE));
    all.put("Tan", function(Function.TANGENT));
    all.put("Asin", function(Function.ARC_SINE));
    all.put("Acos", function(Function.ARC_COSINE));
    all.put("Atan", function(Function.ARC_TANGENT));
    all.put("Sinh", function(Function.HYPERBOLIC_SINE));
    all.put("Cosh", function(Function.HYPERBOLIC_COSINE));
    all.put("Asinh", function(Function.AREA_SINE));
    all.put("Acosh", function(Function.AREA_COSINE));
    all.put("Atanh", function(Function.AREA_TANGENT));
    all.put("Neg", either(Function.NEGATIVE, IntegerRule.NEGATIVE));
    all.put("Abs", either(Function.ABSOLUTE, IntegerRule.ABSOLUTE));
    all.put("Sign", either(Function.SIGN, IntegerRule.SIGN));
    all.put("Not", integers(IntegerRule.NOT));
    all.put("BitwiseNot", integers(IntegerRule.COMPLEMENT));
    all.put("LeakyRelu", formula(Formula.LEAKY_RELU, a -> a.number("alpha", 0.01f), a -> 0));
    all.put("Elu", formula(Formula.ELU, a -> a.number("alpha", 1), a -> 0));
    all.put("Celu", formula(Formula.CELU, a -> a.number("alpha", 1), a -> 0));
    all.put(
        "Selu",
        formula(
            Formula.SELU,
            a -> a.number("alpha", 1.67326319217681884765625f),
            a -> a.number("gamma", 1.05070102214813232421875f)));
    all.put(
        "HardSigmoid",
        formula(Formula.HARD_SIGMOID, a -> a.number("alpha", 0.2f), a -> a.number("beta", 0.5f)));
    all.put(
        "ThresholdedRelu", formula(Formula.THRESHOLDED_RELU, a -> a.number("alpha", 1), a -> 0));
    all.put(
        "Shrink", formula(Formula.SHRINK, a -> a.number("lambd", 0.5f), a -> a.number("bias", 0)));
    all.put("Swish", formula(Formula.SWISH, a -> a.number("alpha", 1), a -> 0));
    all.put(
        "com.microsoft.QuickGelu", formula(Formula.SWISH, a -> a.number("alpha", 1.702f), a -> 0));
    all.put("Gelu", PointwiseLowering::gelu);
    all.put("com.microsoft.Gelu", function(Function.GELU_ERF));
    all.put("com.microsoft.BiasGelu", node -> biased(node, Function.GELU_ERF));
    all.put("com.microsoft.FastGelu", node -> biased(node, Function.GELU));
    all.put("Clip", PointwiseLowering::clip);
    all.put("IsNaN", PointwiseLowering::isNaN);
    all.put("IsInf", PointwiseLowering::isInfinite);
    return Map.copyOf(all);
  }

  private static NodeLowering function(Function function) {
    return node ->
        node.put(0, NumberLayers.function(node, node.unique(), node.floats(0), function));
  }

  private static NodeLowering formula(Formula formula, Parameter alpha, Parameter beta) {
    return node -> {
      float first = alpha.of(node.attributes());
      float second = beta.of(node.attributes());
      node.put(
          0, NumberLayers.function(node, node.unique(), node.floats(0), formula, first, second));
    };
  }

  private static NodeLowering integers(IntegerRule rule) {
    return node -> {
      LoweredValue in = IntegerLayers.integers(node, 0);
      node.put(0, IntegerLayers.function(node, node.unique(), in, rule, in.type()));
    };
  }

  private static NodeLowering either(Function numbers, IntegerRule integers) {
    NodeLowering first = function(numbers);
    NodeLowering second = integers(integers);
    return node -> (node.value(0).type().isInteger() ? second : first).lower(node);
  }

  private static void gelu(LoweringNode node) throws NotNativeException {
    boolean tanh = node.attributes().text("approximate", "none").equals("tanh");
    function(tanh ? Function.GELU : Function.GELU_ERF).lower(node);
  }

  /** A function of the sum of two inputs, where the second may be left out. */
  private static void biased(LoweringNode node, Function function) throws NotNativeException {
    LoweredValue in = node.floats(0);
    LoweredValue sum = node.has(1) ? SumLayers.plus(node, in, node.floats(1)) : in;
    node.put(0, NumberLayers.function(node, node.unique(), sum, function));
  }

  private static void clip(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    if (in.type().isInteger()) {
      clipIntegers(node, in);
      return;
    }
    Optional<NdTensor> min = node.constant(1);
    Optional<NdTensor> max = node.constant(2);
    LoweredValue numbers = node.floats(0);
    if (node.has(1) && min.isEmpty() || node.has(2) && max.isEmpty()) {
      LoweredValue made = numbers;
      if (node.has(1)) {
        made = SumLayers.pair(node, "min", Operation.MAXIMUM, made, node.floats(1));
      }
      if (node.has(2)) {
        made = SumLayers.pair(node, "max", Operation.MINIMUM, made, node.floats(2));
      }
      node.put(0, made);
      return;
    }
    float least =
        min.map(bound -> bound.floats()[0])
            .orElse(node.attributes().number("min", Float.NEGATIVE_INFINITY));
    float most =
        max.map(bound -> bound.floats()[0])
            .orElse(node.attributes().number("max", Float.POSITIVE_INFINITY));
    node.put(0, NumberLayers.function(node, node.unique(), numbers, Formula.CLIP, least, most));
  }

  private static void clipIntegers(LoweringNode node, LoweredValue in) throws NotNativeException {
    TensorType type = node.type(in.tensor());
    Quantization codes = type.quantization();
    long least = codes.format().min();
    long most = codes.format().max();
    if (node.has(1) && node.constant(1).isEmpty() || node.has(2) && node.constant(2).isEmpty()) {
      LoweredValue made = in;
      if (node.has(1)) {
        made =
            IntegerLayers.pair(
                node,
                "min",
                IntegerElementwise.IntegerOperation.MAXIMUM,
                made,
                IntegerLayers.integers(node, 1),
                in.type());
      }
      if (node.has(2)) {
        made =
            IntegerLayers.pair(
                node,
                "max",
                IntegerElementwise.IntegerOperation.MINIMUM,
                made,
                IntegerLayers.integers(node, 2),
                in.type());
      }
      node.put(0, made);
      return;
    }
    if (node.has(1)) {
      least = Math.max(least, node.required(1, "min").integers()[0]);
    }
    if (node.has(2)) {
      most = Math.min(most, node.required(2, "max").integers()[0]);
    }
    if (least > most) {
      throw new NotNativeException("min %d is above max %d".formatted(least, most));
    }
    int made = node.add(new Clamp(node.unique(), in.tensor(), type, (int) least, (int) most));
    node.put(0, made, in.dims(), in.type());
  }

  private static void isNaN(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    LoweredValue unequal = SumLayers.pair(node, "unequal", Operation.NOT_EQUAL, in, in);
    node.put(
        0, IntegerLayers.function(node, node.unique(), unequal, IntegerRule.TRUTH, NdType.BOOL));
  }

  private static void isInfinite(LoweringNode node) throws NotNativeException {
    boolean negative = node.attributes().integer("detect_negative", 1) != 0;
    boolean positive = node.attributes().integer("detect_positive", 1) != 0;
    LoweredValue in = node.floats(0);
    if (negative && positive) {
      in = NumberLayers.function(node, node.unique("abs"), in, Function.ABSOLUTE);
    }
    float wanted =
        positive ? Float.POSITIVE_INFINITY : negative ? Float.NEGATIVE_INFINITY : Float.NaN;
    LoweredValue infinity = NumberLayers.constant(node, "infinity", wanted);
    LoweredValue equal = SumLayers.pair(node, "equal", Operation.EQUAL, in, infinity);
    node.put(0, IntegerLayers.function(node, node.unique(), equal, IntegerRule.TRUTH, NdType.BOOL));
  }
}
