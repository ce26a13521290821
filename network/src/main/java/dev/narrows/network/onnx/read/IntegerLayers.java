package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Helping layers on integers and truth values. */
final class IntegerLayers {
  private IntegerLayers() {}

  /**
   * An input whose codes are the integers, or the truth values, that it holds.
   *
   * @throws NotNativeException if it holds something else
   */
  static LoweredValue integers(LoweringNode node, int input) throws NotNativeException {
    LoweredValue value = node.value(input);
    return integers(node, value);
  }

  /** {@link #integers(LoweringNode, int)} of a value. */
  static LoweredValue integers(LoweringNode node, LoweredValue value) throws NotNativeException {
    TensorType type = node.type(value.tensor());
    if (type.isFloat() || value.dequantized()) {
      throw new NotNativeException("an input holds " + value.type() + ", not integers");
    }
    Quantization plain = new Quantization(type.quantization().format(), 1, 0);
    int codes = QuantizeLowering.labelled(node, value, plain); // their own scale says nothing here
    return new LoweredValue(codes, value.dims(), value.type());
  }

  /** Whether what does not fit the held type is an error, as the file's type is wider. */
  static boolean exact(NdType type) {
    return switch (type) {
      case INT64, UINT64, UINT32 -> true;
      default -> false;
    };
  }

  /** A function of each integer, or each number. */
  static LoweredValue function(
      LoweringNode node, String name, LoweredValue in, IntegerRule rule, NdType type)
      throws NotNativeException {
    TensorType from = node.type(in.tensor());
    TensorType to =
        new TensorType(from.channels(), from.height(), from.width(), GraphLowering.kind(type));
    int made = node.add(new IntegerFunction(name, in.tensor(), to, rule, exact(type)));
    return new LoweredValue(made, in.dims(), type);
  }

  /** A function of two integers, broadcast. */
  static LoweredValue pair(
      LoweringNode node,
      String suffix,
      IntegerOperation operation,
      LoweredValue left,
      LoweredValue right,
      NdType type)
      throws NotNativeException {
    return pair(node, operation, left, right, type, node.unique(suffix));
  }

  /** A function of two integers, broadcast, by a layer of this name. */
  static LoweredValue pair(
      LoweringNode node,
      IntegerOperation operation,
      LoweredValue left,
      LoweredValue right,
      NdType type,
      String name)
      throws NotNativeException {
    List<Integer> dims = Places.broadcast(left.dims(), right.dims());
    LoweredValue a = MoveLayers.expanded(node, left, dims);
    LoweredValue b = MoveLayers.expanded(node, right, dims);
    TensorType to = FileShape.kept(dims).type(GraphLowering.kind(type));
    int made =
        node.add(
            new IntegerElementwise(
                name,
                MoveLayers.usual(node, a, dims),
                MoveLayers.usual(node, b, dims),
                to,
                operation,
                exact(type)));
    return new LoweredValue(made, dims, type);
  }

  /** 0, 1, 2, … as a constant of one dimension. */
  static LoweredValue count(LoweringNode node, int size) throws NotNativeException {
    return constant(node, "count", Axes.range(0, size, 1), NdType.INT64);
  }

  /** Integers as a constant of one dimension. */
  static LoweredValue constant(LoweringNode node, String suffix, int[] integers, NdType type)
      throws NotNativeException {
    TensorType to = new TensorType(integers.length, 1, 1, GraphLowering.kind(type));
    int made = node.add(new Constant(node.unique(suffix), to, integers));
    return new LoweredValue(made, List.of(integers.length), type);
  }
}
