package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
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
          MicrosoftOperators::concat);

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
    int[] order = new int[in.rank()];
    order[1] = in.rank() - 1;
    for (int i = 2; i < order.length; i++) {
      order[i] = i - 1;
    }
    LoweredValue first = MoveLayers.transposed(node, in, order);
    LoweredValue made = QuantizedForms.globalPool(node, first, to, to.min());
    node.put(0, MoveLayers.transposed(node, made, Axes.inverse(order)));
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
