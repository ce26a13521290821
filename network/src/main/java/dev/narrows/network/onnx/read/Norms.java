package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Elementwise.Operation;

/** Powers of absolute values and their roots, as norms have them. */
final class Norms {
  private Norms() {}

  /** |x|^p. */
  static LoweredValue powers(LoweringNode node, LoweredValue in, int p) {
    if (p == 2) {
      return NumberLayers.function(node, node.unique("square"), in, Function.SQUARE);
    }
    LoweredValue absolute = NumberLayers.function(node, node.unique("abs"), in, Function.ABSOLUTE);
    return p == 1 ? absolute : power(node, absolute, p);
  }

  /** x^(1/p). */
  static LoweredValue root(LoweringNode node, LoweredValue in, int p) {
    if (p == 1) {
      return in;
    }
    return p == 2
        ? NumberLayers.function(node, node.unique("root"), in, Function.SQUARE_ROOT)
        : power(node, in, 1f / p);
  }

  private static LoweredValue power(LoweringNode node, LoweredValue in, float exponent) {
    LoweredValue constant = NumberLayers.constant(node, "exponent", exponent);
    return SumLayers.pair(node, "power", Operation.POWER, in, constant);
  }
}
