package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.List;
import java.util.Optional;

/** Layers that sum products of numbers, from matrices. */
final class SumLayers {
  private SumLayers() {}

  /** Weights with a bias of their own, or none. */
  static FloatOperands operands(int channels, int terms, float[] weights, float[] bias)
      throws NotNativeException {
    finite(weights);
    finite(bias);
    return new FloatOperands(
        new FloatDotWeights(channels, terms, weights),
        bias.length == 0 ? new float[channels] : bias,
        false);
  }

  private static void finite(float[] numbers) throws NotNativeException {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new NotNativeException("a weight is " + number);
      }
    }
  }

  /**
   * The numbers of an input that is a constant.
   *
   * @return empty if it is none
   */
  static Optional<NdTensor> weights(LoweringNode node, int input) throws NotNativeException {
    Optional<NdTensor> constant = node.constant(input);
    if (constant.isPresent() && !constant.get().type().isFloating()) {
      throw new NotNativeException("no layer multiplies weights of type " + constant.get().type());
    }
    return constant;
  }

  /**
   * Columns multiplied with constant rows: [groups · terms][columns] to [channels][columns]. The
   * layer is named like the node.
   */
  static int columns(
      LoweringNode node, int tensor, int columns, int groups, FloatOperands operands) {
    int terms = operands.terms();
    int from = node.shaped(tensor, groups * terms, columns, 1);
    TensorType to = TensorType.floats(operands.channels(), columns, 1);
    return node.add(
        groups == 1 && columns == 1
            ? new Dense(node.unique(), from, to, operands)
            : new Convolution(node.unique(), from, to, Window.point(), groups, operands));
  }

  /**
   * Products of two activations, batch by batch: left [batches · terms][rows], right [batches ·
   * terms][columns] to [batches][rows][columns].
   */
  static int product(
      LoweringNode node, int left, int right, int batches, int terms, int rows, int columns) {
    int a = node.shaped(left, batches * terms, rows, 1);
    int b = node.shaped(right, batches * terms, columns, 1);
    TensorType to = TensorType.floats(batches, rows, columns);
    return node.add(new MatMul(node.unique(), a, b, to, MatMul.Role.SCORES, batches, batches));
  }

  /** The sum of two values, broadcast. */
  static LoweredValue plus(LoweringNode node, LoweredValue left, LoweredValue right) {
    return pair(node, "bias", Elementwise.Operation.ADD, left, right);
  }

  /** A function of two values, broadcast. */
  static LoweredValue pair(
      LoweringNode node,
      String suffix,
      Elementwise.Operation operation,
      LoweredValue left,
      LoweredValue right) {
    return pair(node, operation, left, right, node.unique(suffix));
  }

  /** A function of two values, broadcast, by a layer of this name. */
  static LoweredValue pair(
      LoweringNode node,
      Elementwise.Operation operation,
      LoweredValue left,
      LoweredValue right,
      String name) {
    List<Integer> dims = Places.broadcast(left.dims(), right.dims());
    LoweredValue a = MoveLayers.expanded(node, left, dims);
    LoweredValue b = MoveLayers.expanded(node, right, dims);
    int one = MoveLayers.usual(node, a, dims);
    int other = MoveLayers.usual(node, b, dims);
    TensorType type = node.type(one);
    TensorType to = TensorType.floats(type.channels(), type.height(), type.width());
    int made = node.add(new Elementwise(name, one, other, to, operation));
    return new LoweredValue(made, dims, NdType.FLOAT);
  }

  /** The tensor of a value with all elements as channels. */
  static int flat(LoweringNode node, LoweredValue value) {
    return node.shaped(value.tensor(), value.elements(), 1, 1);
  }
}
