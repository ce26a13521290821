package dev.narrows.network.onnx.edit;

import dev.narrows.network.onnx.proto.NodeProto;
import java.util.List;

/**
 * Where an operator takes constants that become weights or a bias.
 *
 * @param codes the input that has the integers
 * @param scale the input that has their scales; −1 where the operator has none
 * @param zero the input that has their zero points; −1 where the operator has none
 * @param onlyBias whether the integers can only be a bias
 */
record ConstantRole(int codes, int scale, int zero, boolean onlyBias) {
  private static final int NONE = -1;

  /** The roles of a node's inputs. */
  static List<ConstantRole> of(NodeProto node) {
    return switch (key(node)) {
      case "DequantizeLinear", "com.microsoft.DequantizeLinear" -> List.of(weights(0, 1, 2));
      case "Quant", "IntQuant" -> List.of(weights(0, 1, 2));
      case "QLinearConv" -> List.of(weights(3, 4, 5), bias(8));
      case "QLinearMatMul" -> List.of(weights(3, 4, 5));
      case "com.microsoft.QGemm" -> List.of(weights(3, 4, 5), bias(6));
      case "ConvInteger", "MatMulInteger" -> List.of(weights(1, NONE, 3));
      case "com.microsoft.MatMulIntegerToFloat" -> List.of(weights(1, 3, 5));
      case "com.microsoft.DynamicQuantizeMatMul" -> List.of(weights(1, NONE, 3));
      default -> List.of();
    };
  }

  private static ConstantRole weights(int codes, int scale, int zero) {
    return new ConstantRole(codes, scale, zero, false);
  }

  private static ConstantRole bias(int codes) {
    return new ConstantRole(codes, NONE, NONE, true);
  }

  /** The operator, with its domain where ONNX Runtime has it; QONNX has several domains. */
  static String key(NodeProto node) {
    return node.getDomain().equals("com.microsoft")
        ? "com.microsoft." + node.getOpType()
        : node.getOpType();
  }

  /** Whether a node quantises numbers, as QONNX has weights. */
  static boolean isQuant(NodeProto node) {
    return key(node).equals("Quant") || key(node).equals("IntQuant");
  }

  /** Whether a node says itself along which axis its scales lie. */
  static boolean saysAxis(NodeProto node) {
    return key(node).endsWith("DequantizeLinear");
  }
}
