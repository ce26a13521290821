package dev.narrows.network.onnx.read;

import dev.narrows.network.FileShape;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Helping layers on numbers. */
final class NumberLayers {
  private NumberLayers() {}

  /** One number as a constant without dimensions. */
  static LoweredValue constant(LoweringNode node, String suffix, float number) {
    return constant(node, suffix, new float[] {number}, List.of());
  }

  /** NumberLayers as a constant. */
  static LoweredValue constant(
      LoweringNode node, String suffix, float[] numbers, List<Integer> dims) {
    TensorType to = FileShape.kept(dims).type(new ElementKind.Binary32());
    int made = node.add(Constant.of(node.unique(suffix), to, numbers));
    return new LoweredValue(made, dims, NdType.FLOAT);
  }

  /** A function of each element. */
  static LoweredValue function(
      LoweringNode node, String name, LoweredValue in, Activation.Function function) {
    TensorType type = node.type(in.tensor());
    int made = node.add(new Activation(name, in.tensor(), type, function));
    return new LoweredValue(made, in.dims(), NdType.FLOAT);
  }

  /** A function of each element with numbers of its own. */
  static LoweredValue function(
      LoweringNode node,
      String name,
      LoweredValue in,
      ShapedActivation.Formula formula,
      float alpha,
      float beta) {
    TensorType type = node.type(in.tensor());
    int made = node.add(new ShapedActivation(name, in.tensor(), type, formula, alpha, beta));
    return new LoweredValue(made, in.dims(), NdType.FLOAT);
  }
}
