package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ONNX Runtime's own operators on codes that are no dot products. */
final class MicrosoftOperators {
  private static final String DOMAIN = "com.microsoft.";

  static final Map<String, NodeLowering> ALL =
      Map.of(
          DOMAIN + "QLinearAdd",
          node -> pair(node, false),
          DOMAIN + "QLinearMul",
          node -> pair(node, true),
          DOMAIN + "QLinearGlobalAveragePool",
          MicrosoftOperators::globalPool,
          DOMAIN + "QLinearConcat",
          MicrosoftOperators::concat,
          DOMAIN + "QLinearAveragePool",
          CodePools::lower,
          DOMAIN + "QLinearSoftmax",
          CodeSoftmax::lower,
          DOMAIN + "QLinearLeakyRelu",
          MicrosoftOperators::leakyRelu,
          DOMAIN + "QLinearSigmoid",
          node -> table(node, MicrosoftOperators::sigmoid),
          DOMAIN + "MatMulNBits",
          BlockWeights::lower);

  private MicrosoftOperators() {}

  private static void pair(LoweringNode node, boolean product) throws NotNativeException {
    LoweredValue left = IntegerOperators.codes(node, 0, 1, 2);
    LoweredValue right = IntegerOperators.codes(node, 3, 4, 5);
    CodeTarget to = IntegerOperators.target(node, 6, 7);
    node.put(0, QuantizedForms.pair(node, product, left, right, to, to.min()));
  }

  private static void globalPool(LoweringNode node) throws NotNativeException {
    LoweredValue in = IntegerOperators.codes(node, 0, 1, 2);
    CodeTarget to = IntegerOperators.target(node, 3, 4);
    if (node.attributes().integer("channels_last", 0) == 0) {
      node.put(0, QuantizedForms.globalPool(node, in, to, to.min()));
      return;
    }
    int[] order = Axes.channelsFirst(in.rank());
    LoweredValue first = MoveLayers.transposed(node, in, order);
    LoweredValue made = QuantizedForms.globalPool(node, first, to, to.min());
    node.put(0, MoveLayers.transposed(node, made, Axes.inverse(order)));
  }

  /** A function of each number. */
  private interface NumberFunction {
    float apply(float number);
  }

  private static void leakyRelu(LoweringNode node) throws NotNativeException {
    float alpha = node.attributes().number("alpha", 0.01f);
    table(node, number -> number >= 0 ? number : alpha * number);
  }

  /** In binary64 and rounded once; the runtime's own approximation may be an ulp away. */
  private static float sigmoid(float number) {
    return (float) (1 / (1 + StrictMath.exp(-number)));
  }

  /** A function of each code by itself: dequantised, computed, quantised. */
  private static void table(LoweringNode node, NumberFunction function) throws NotNativeException {
    LoweredValue in = IntegerOperators.codes(node, 0, 1, 2);
    CodeTarget to = IntegerOperators.target(node, 3, 4);
    TensorType from = node.type(in.tensor());
    Quantization own = from.quantization();
    if (own.format().bits() > 8) {
      throw new NotNativeException("codes of %s have no table".formatted(own.format()));
    }
    int[] table = new int[1 << own.format().bits()];
    for (int i = 0; i < table.length; i++) {
      float number = Dequantize.number(own, (int) own.format().min() + i);
      table[i] = to.code(function.apply(number));
    }
    TensorType made =
        new TensorType(from.channels(), from.height(), from.width(), to.quantization());
    int tensor =
        node.add(new CodeTable(node.unique(), in.tensor(), made, own.format().signed(), table));
    node.put(0, to.value(tensor, in.dims()));
  }

  /** Each part as codes of the output, looked up, then one behind the other. */
  private static void concat(LoweringNode node) throws NotNativeException {
    CodeTarget to = IntegerOperators.target(node, 0, 1);
    List<LoweredValue> parts = new ArrayList<>();
    for (int i = 2; i + 2 < node.node().inputs().size() + 1 && node.has(i); i += 3) {
      LoweredValue part = IntegerOperators.codes(node, i, i + 1, i + 2);
      Quantization own = node.type(part.tensor()).quantization();
      if (own.format().bits() > 8) {
        throw new NotNativeException("codes of %s have no table".formatted(own.format()));
      }
      parts.add(
          own.equals(to.quantization())
              ? part
              : to.value(QuantizeLowering.table(node, part, own, to), part.dims()));
    }
    node.put(0, JoinLowering.joined(node, parts));
  }
}
