package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;

/** The integer types of ONNX that hold codes and weights. */
final class CodeTypes {
  private CodeTypes() {}

  /**
   * The type of a tensor's codes: bytes, or less between layers whose operators are on real
   * numbers, or more where codes have more than 8 bits.
   */
  static NdType of(Network network, OnnxOptions options, int tensor) {
    IntegerFormat format = network.tensor(tensor).quantization().format();
    if (format.bits() > 16) {
      return NdType.INT32;
    }
    if (format.bits() > 8) {
      return format.signed() ? NdType.INT16 : NdType.UINT16;
    }
    boolean small =
        options.form() == OnnxForm.QDQ && !options.exact() && betweenNumbers(network, tensor);
    if (small && format.bits() <= 2 && options.opset() >= OnnxOptions.TWO_BITS_OPSET) {
      return format.signed() ? NdType.INT2 : NdType.UINT2;
    }
    if (small && format.bits() <= 4) {
      return format.signed() ? NdType.INT4 : NdType.UINT4;
    }
    return format.signed() ? NdType.INT8 : NdType.UINT8;
  }

  /** Whether everything that makes or reads a tensor does so in real numbers. */
  private static boolean betweenNumbers(Network network, int tensor) {
    if (tensor == 0 || tensor == network.tensors() - 1) {
      return false;
    }
    for (Layer layer : network.layers()) {
      if (layer.inputs().contains(tensor) && !onNumbers(layer)) {
        return false;
      }
    }
    return onNumbers(network.layers().get(tensor - 1))
        && network.states().values().stream().noneMatch(state -> state.tensor() == tensor);
  }

  private static boolean onNumbers(Layer layer) {
    return layer instanceof DotLayer dot
            && !dot.isFloat()
            && !(dot.requantization() instanceof Thresholds)
        || layer instanceof MaxPool
        || layer instanceof Flatten;
  }

  /** The integers that a type holds. */
  static IntegerRange range(NdType type) {
    return IntegerRange.of(
        type.isSigned() ? IntegerFormat.signed(type.bits()) : IntegerFormat.unsigned(type.bits()));
  }
}
