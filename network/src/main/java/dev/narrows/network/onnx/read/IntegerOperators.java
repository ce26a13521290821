package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operators whose operands are codes, with their scales and zero points as further inputs: dot
 * products that are requantised as ONNX Runtime's integer kernels do, or whose sums are given.
 */
final class IntegerOperators {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "QLinearConv", IntegerOperators::convolution,
          "com.microsoft.QLinearConv", IntegerOperators::convolution,
          "QLinearMatMul", IntegerOperators::product,
          "ConvInteger", node -> sums(node, 2),
          "MatMulInteger", node -> sums(node, 2),
          "DynamicQuantizeLinear", IntegerOperators::dynamic,
          "com.microsoft.QGemm", IntegerOperators::gemm,
          "com.microsoft.MatMulIntegerToFloat", IntegerOperators::numbers,
          "com.microsoft.DynamicQuantizeMatMul", IntegerOperators::dynamicProduct);

  private IntegerOperators() {}

  private static void convolution(LoweringNode node) throws NotNativeException {
    LoweredValue given = codes(node, 0, 1, 2);
    boolean last = node.attributes().integer("channels_last", 0) != 0;
    int[] order = last ? Axes.channelsFirst(given.rank()) : Axes.all(given.rank());
    LoweredValue x = MoveLayers.transposed(node, given, order);
    QuantizedConstant weights = constant(node, 3, 4, 5, 0);
    DotShape shape = DotShape.convolution(node, x.dims(), weights.dims(), false);
    IntegerDot dot = dot(node, shape, x, weights, 1);
    if (node.has(8)) {
      NdTensor bias = node.required(8, "the bias");
      dot = dot.biased(bias(shape, bias, QuantizedDots.biasDims(node, shape, bias)));
    }
    LoweredValue made = dot.quantized(target(node, 6, 7), List.of()).orElseThrow();
    node.put(0, MoveLayers.transposed(node, made, Axes.inverse(order)));
  }

  private static void product(LoweringNode node) throws NotNativeException {
    LoweredValue left = codes(node, 0, 1, 2);
    CodeTarget to = target(node, 6, 7);
    if (node.constant(3).isEmpty()) {
      LoweredValue right = codes(node, 3, 4, 5);
      node.put(0, IntegerProduct.product(node, left, right).quantized(to, List.of()).orElseThrow());
      return;
    }
    QuantizedConstant right = constant(node, 3, 4, 5, -1);
    IntegerDot dot = product(node, left, right);
    node.put(0, dot.quantized(to, List.of()).orElseThrow());
  }

  /** Sums of products of codes less zero points, which are 0 where the node gives none. */
  private static void sums(LoweringNode node, int zero) throws NotNativeException {
    LoweredValue x = unscaled(node, 0, zero);
    if (node.constant(1).isEmpty()) {
      LoweredValue right = unscaled(node, 1, zero + 1);
      if (!node.node().operator().equals("MatMulInteger")) {
        throw new NotNativeException("the weights are no constant");
      }
      node.put(0, IntegerProduct.product(node, x, right).sums());
      return;
    }
    boolean convolution = node.node().operator().equals("ConvInteger");
    NdTensor codes = node.required(1, "weights");
    NdTensor one = NdTensor.of(new float[] {1}, 1);
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, zero + 1);
    QuantizedConstant weights =
        QuantizedConstant.of(codes, one, zeros, convolution ? 0 : lastAxis(codes), 0);
    DotShape shape =
        convolution
            ? DotShape.convolution(node, x.dims(), weights.dims(), false)
            : DotShape.matMul(x.dims(), weights.dims());
    IntegerDot dot = dot(node, shape, x, weights, 1);
    node.graph().defer(node.output(), new WholeSums(node, dot, NdType.INT32));
  }

  private static void dynamic(LoweringNode node) throws NotNativeException {
    ComputedCodes made = ComputedCodes.of(node, node.floats(0));
    node.put(0, made.codes());
    node.put(1, made.scale());
    node.put(2, made.zero());
  }

  /** Sums of products of codes, scaled, with a bias of numbers. */
  private static void numbers(LoweringNode node) throws NotNativeException {
    node.put(0, scaled(node, 2, 3, 4, 5, 6));
  }

  /**
   * The first input times the second, constant one, scaled, with a bias of numbers.
   *
   * @param scale the input that is the first one's scale
   * @param weightScale the second one's
   * @param zero the first one's zero point
   * @param weightZero the second one's
   * @param bias added to the scaled sums, if it is given
   */
  static LoweredValue scaled(
      LoweringNode node, int scale, int weightScale, int zero, int weightZero, int bias)
      throws NotNativeException {
    if (node.constant(scale).isEmpty()) {
      LoweredValue values = unscaled(node, 0, zero);
      return scaled(node, values, node.floats(scale), weightScale, weightZero, bias);
    }
    LoweredValue x = codes(node, 0, scale, zero);
    IntegerDot dot = product(node, x, constant(node, 1, weightScale, weightZero, -1));
    return node.has(bias) ? added(node, dot, bias).numbers() : dot.numbers();
  }

  private static void dynamicProduct(LoweringNode node) throws NotNativeException {
    ComputedCodes x = ComputedCodes.of(node, node.floats(0));
    node.put(0, scaled(node, x.values(node), x.scale(), 2, 3, 4));
  }

  /** Sums of values and weights, times a scale that is computed and one that is constant. */
  private static LoweredValue scaled(
      LoweringNode node,
      LoweredValue values,
      LoweredValue scale,
      int weightScale,
      int zero,
      int bias)
      throws NotNativeException {
    NdTensor one = NdTensor.of(new float[] {1}, 1);
    NdTensor codes = node.required(1, "weights");
    QuantizedConstant weights =
        QuantizedConstant.of(codes, one, QuantizeLowering.zero(node, zero), lastAxis(codes), 0);
    LoweredValue sums = product(node, values, weights).numbers();
    NdTensor scales = node.required(weightScale, "the weights' scale");
    LoweredValue each = NumberLayers.constant(node, "weightScale", scales.floats(), scales.dims());
    LoweredValue both = SumLayers.pair(node, "scale", Elementwise.Operation.MULTIPLY, scale, each);
    LoweredValue made = SumLayers.pair(node, "numbers", Elementwise.Operation.MULTIPLY, sums, both);
    return node.has(bias) ? SumLayers.plus(node, made, node.floats(bias)) : made;
  }

  private static IntegerDot product(LoweringNode node, LoweredValue x, QuantizedConstant weights)
      throws NotNativeException {
    return dot(node, DotShape.matMul(x.dims(), weights.dims()), x, weights, 1);
  }

  private static IntegerDot added(LoweringNode node, IntegerDot dot, int input)
      throws NotNativeException {
    NdTensor bias = node.required(input, "the bias");
    float[] given = bias.floats();
    int[] places =
        dot.shape()
            .perChannel(bias.dims())
            .orElseThrow(() -> new NotNativeException("a bias differs inside a channel"));
    float[] numbers = new float[places.length];
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = given[places[c]];
    }
    return dot.added(numbers);
  }

  private static int lastAxis(NdTensor weights) {
    return Math.max(0, weights.rank() - 1);
  }

  private static void gemm(LoweringNode node) throws NotNativeException {
    LoweredValue x = codes(node, 0, 1, 2);
    boolean turned = node.attributes().integer("transB", 0) != 0;
    QuantizedConstant weights = constant(node, 3, 4, 5, turned ? 0 : 1);
    DotShape shape = DotShape.gemm(node, x.dims(), weights.dims());
    IntegerDot dot = dot(node, shape, x, weights, node.attributes().number("alpha", 1));
    if (node.has(6)) {
      NdTensor bias = node.required(6, "the bias");
      dot = dot.biased(bias(shape, bias, bias.dims()));
    }
    if (node.has(7)) {
      node.put(0, dot.quantized(target(node, 7, 8), List.of()).orElseThrow());
    } else {
      node.put(0, dot.numbers());
    }
  }

  private static IntegerDot dot(
      LoweringNode node, DotShape shape, LoweredValue x, QuantizedConstant weights, float alpha)
      throws NotNativeException {
    float factor = alpha * (float) node.type(x.tensor()).quantization().scale();
    return IntegerDot.of(node, shape, x, weights, factor)
        .orElseThrow(() -> new NotNativeException("weights of a channel have several scales"));
  }

  private static int[] bias(DotShape shape, NdTensor bias, List<Integer> dims)
      throws NotNativeException {
    long[] given = bias.integers();
    int[] places =
        shape
            .perChannel(dims)
            .orElseThrow(() -> new NotNativeException("a bias differs inside a channel"));
    return Arrays.stream(places).map(place -> Axes.word(given[place])).toArray();
  }

  /** An input's codes, read by the scale and zero point that stand beside it. */
  static LoweredValue codes(LoweringNode node, int input, int scale, int zero)
      throws NotNativeException {
    LoweredValue in = integers(node, input);
    NdTensor scales = single(node.required(scale, "a scale"));
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, zero);
    Quantization read =
        QuantizeLowering.quantization(
            scales, zeros.isPresent() ? Optional.of(single(zeros.get())) : zeros, format(node, in));
    return new LoweredValue(QuantizeLowering.labelled(node, in, read), in.dims(), in.type());
  }

  /** An input's codes, of scale 1. */
  private static LoweredValue unscaled(LoweringNode node, int input, int zero)
      throws NotNativeException {
    LoweredValue in = integers(node, input);
    if (node.has(zero) && node.constant(zero).isEmpty()) {
      return ComputedCodes.values(node, in, node.value(zero));
    }
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, zero);
    int point = zeros.isPresent() ? Axes.word(single(zeros.get()).integers()[0]) : 0;
    Quantization read = new Quantization(format(node, in), 1, point);
    return new LoweredValue(QuantizeLowering.labelled(node, in, read), in.dims(), in.type());
  }

  private static IntegerFormat format(LoweringNode node, LoweredValue in) {
    return node.type(in.tensor()).quantization().format();
  }

  private static LoweredValue integers(LoweringNode node, int input) throws NotNativeException {
    LoweredValue in = node.value(input);
    if (in.dequantized() || node.type(in.tensor()).isFloat()) {
      throw new IllegalArgumentException("input %d must be codes".formatted(input));
    }
    return in;
  }

  private static NdTensor single(NdTensor numbers) throws NotNativeException {
    if (numbers.elements() != 1) {
      throw new NotNativeException("an activation has a scale a channel");
    }
    return numbers;
  }

  private static QuantizedConstant constant(
      LoweringNode node, int input, int scale, int zero, int axis) throws NotNativeException {
    NdTensor codes = node.required(input, "an operand of constant shape");
    NdTensor scales = node.required(scale, "a scale");
    int along = axis < 0 ? lastAxis(codes) : axis;
    return QuantizedConstant.of(codes, scales, QuantizeLowering.zero(node, zero), along, 0);
  }

  /** What a node makes, by the inputs that say so. */
  static CodeTarget target(LoweringNode node, int scale, int zero) throws NotNativeException {
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, zero);
    NdType type = zeros.isPresent() ? zeros.get().type() : NdType.UINT8;
    Quantization made =
        QuantizeLowering.quantization(
            single(node.required(scale, "a scale")), zeros, QuantizeLowering.format(type));
    return CodeTarget.linear(made, type);
  }
}
