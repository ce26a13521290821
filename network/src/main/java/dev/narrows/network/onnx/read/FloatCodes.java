package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise.Operation;

/**
 * QuantizeLinear and DequantizeLinear of numbers of 8 and 4 bits: a number over its scale, rounded
 * to the type and carried in binary32, and back.
 */
final class FloatCodes {
  private FloatCodes() {}

  static boolean holds(NdType type) {
    return type.isFloating() && type.bits() <= 8;
  }

  static void quantize(LoweringNode node, NdType type) throws NotNativeException {
    GraphLowering.kind(type); // refuses what no layer holds
    nothingAdded(node);
    LoweredValue in = node.floats(0);
    LoweredValue steps = SumLayers.pair(node, "inSteps", Operation.DIVIDE, in, scales(node, in));
    boolean saturates = node.attributes().integer("saturate", 1) != 0;
    node.putAs(0, FloatTypes.rounded(node, steps, type, saturates));
  }

  static void dequantize(LoweringNode node) throws NotNativeException {
    nothingAdded(node);
    LoweredValue in = node.floats(0);
    LoweredValue scale = scales(node, in);
    LoweredValue made = SumLayers.pair(node, Operation.MULTIPLY, in, scale, node.unique());
    NdType to = node.required(1, "the scale").type();
    node.putAs(
        0,
        FloatTypes.rounded(
            node, new LoweredValue(made.tensor(), made.dims(), NdType.FLOAT), to, false));
  }

  private static void nothingAdded(LoweringNode node) throws NotNativeException {
    if (node.has(2)) {
      for (float zero : node.required(2, "the zero point").floats()) {
        if (zero != 0) {
          throw new NotNativeException("the zero point is " + zero);
        }
      }
    }
  }

  /** The scale of each element, or of all. */
  private static LoweredValue scales(LoweringNode node, LoweredValue in) throws NotNativeException {
    NdTensor given = node.required(1, "the scale");
    float[] numbers = given.floats();
    if (numbers.length == 1) {
      return NumberLayers.constant(node, "scaling", numbers[0]);
    }
    long axis = node.attributes().integer("axis", 1);
    long block = node.attributes().integer("block_size", 0);
    int[] places = QuantizedConstant.places(in.dims(), given, axis, block);
    LoweringBudget.take(places.length);
    float[] each = new float[places.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = numbers[places[i]];
    }
    return NumberLayers.constant(node, "scaling", each, in.dims());
  }
}
