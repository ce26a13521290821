package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.ShapedActivation.Formula;

/** The function that ONNX Runtime fuses into an operator of its own. */
final class FusedFunctions {
  private FusedFunctions() {}

  /** Lowers a node, and behind it the function that its attributes name. */
  static void behind(LoweringNode node, NodeLowering plain) throws NotNativeException {
    String name = node.attributes().text("activation", "");
    plain.lower(node);
    if (name.isEmpty()) {
      return;
    }
    LoweredValue made = node.graph().value(node.node().outputs().getFirst());
    float[] numbers =
        node.attributes()
            .numbers("activation_params")
            .orElseGet(() ->
                new float[] {
                  node.attributes().number("activation_alpha", 0.01f),
                  node.attributes().number("activation_beta", 0)
                });
    float alpha = numbers.length > 0 ? numbers[0] : 0.01f;
    float beta = numbers.length > 1 ? numbers[1] : 0;
    String layer = node.unique("function");
    LoweredValue result =
        switch (name) {
          case "Relu" -> NumberLayers.function(node, layer, made, Function.RELU);
          case "Sigmoid" -> NumberLayers.function(node, layer, made, Function.LOGISTIC);
          case "Tanh" -> NumberLayers.function(node, layer, made, Function.TANH);
          case "LeakyRelu" ->
              NumberLayers.function(node, layer, made, Formula.LEAKY_RELU, alpha, 0);
          case "Clip" -> NumberLayers.function(node, layer, made, Formula.CLIP, alpha, beta);
          case "HardSigmoid" ->
              NumberLayers.function(node, layer, made, Formula.HARD_SIGMOID, alpha, beta);
          default -> throw new NotNativeException("function " + name);
        };
    node.put(0, result);
  }
}
