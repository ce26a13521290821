package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Convolutions and matrix products of numbers whose operands are codes on both sides. */
final class QuantizedDots {
  /** How far a bias's own scale may be from that of the sums it is added to. */
  private static final float CLOSE = 1e-3f;

  private QuantizedDots() {}

  /** A node's dot products in integers; empty if its operands are not codes. */
  static Optional<Deferred> of(LoweringNode node) throws NotNativeException {
    Optional<QuantizedConstant> weights = node.graph().quantized(node.node().input(1));
    if (!QuantizedForms.isCodes(node, 0)) {
      return Optional.empty();
    }
    if (weights.isEmpty()) {
      return node.node().operator().equals("MatMul") && QuantizedForms.isCodes(node, 1)
          ? IntegerProduct.of(node, node.value(0), node.value(1))
          : WholeSums.ofNumbers(node);
    }
    LoweredValue x = node.value(0);
    DotShape shape = shape(node, x.dims(), weights.get().dims());
    Quantization codes = node.type(x.tensor()).quantization();
    float factor = node.attributes().number("alpha", 1) * (float) codes.scale();
    Optional<IntegerDot> dot = IntegerDot.of(node, shape, x, weights.get(), factor);
    if (dot.isEmpty() || !node.has(2)) {
      return dot.map(found -> found);
    }
    return biased(node, dot.get());
  }

  /** How the operator's dot products lie. */
  static DotShape shape(LoweringNode node, List<Integer> left, List<Integer> right) {
    return switch (node.node().operator()) {
      case "Conv" -> DotShape.convolution(node, left, right, false);
      case "ConvTranspose" -> DotShape.convolution(node, left, right, true);
      case "Gemm" -> DotShape.gemm(node, left, right);
      default -> DotShape.matMul(left, right);
    };
  }

  /** A bias in the sums' own units is added to them, any other to what they stand for. */
  private static Optional<Deferred> biased(LoweringNode node, IntegerDot dot)
      throws NotNativeException {
    Optional<NdTensor> constant = node.constant(2);
    if (constant.isEmpty()) {
      return Optional.empty();
    }
    Optional<int[]> places = dot.shape().perChannel(biasDims(node, dot.shape(), constant.get()));
    if (places.isEmpty()) {
      return Optional.empty();
    }
    float beta = node.attributes().number("beta", 1);
    Optional<QuantizedConstant> codes = node.graph().quantized(node.node().input(2));
    if (codes.isPresent() && beta == 1 && sameUnits(dot, codes.get(), places.get())) {
      int[] bias = new int[places.get().length];
      for (int c = 0; c < bias.length; c++) {
        bias[c] = codes.get().value(places.get()[c]);
      }
      return Optional.of(dot.biased(bias));
    }
    float[] numbers = constant.get().floats();
    float[] added = new float[places.get().length];
    for (int c = 0; c < added.length; c++) {
      float number = numbers[places.get()[c]];
      if (!Float.isFinite(number)) {
        return Optional.empty();
      }
      added[c] = beta * number;
    }
    return Optional.of(dot.added(added));
  }

  /** A convolution's bias is a number a channel, that of Gemm is broadcast to the output. */
  static List<Integer> biasDims(LoweringNode node, DotShape shape, NdTensor bias) {
    if (node.node().operator().equals("Gemm")) {
      return bias.dims();
    }
    List<Integer> dims = new ArrayList<>(List.of(bias.elements()));
    for (int i = 2; i < shape.dims().size(); i++) {
      dims.add(1);
    }
    return dims;
  }

  private static boolean sameUnits(IntegerDot dot, QuantizedConstant bias, int[] places) {
    for (int c = 0; c < places.length; c++) {
      float own = bias.scale(places[c]);
      if (!(Math.abs(own - dot.scale(c)) <= CLOSE * dot.scale(c))) {
        return false;
      }
    }
    return true;
  }
}
