package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.tensor.ElementKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The scale and the zero point of an input of codes: what all nodes that read it take it for, if
 * they agree; else 1 and 0.
 */
final class InputQuantization {
  /** The inputs of an operator that are codes, each with where its scale and zero point stand. */
  private record Codes(int input, int scale, int zeroPoint) {}

  private static final Map<String, List<Codes>> READERS =
      Map.of(
          "DequantizeLinear", List.of(new Codes(0, 1, 2)),
          "QLinearConv", List.of(new Codes(0, 1, 2)),
          "QLinearMatMul", List.of(new Codes(0, 1, 2), new Codes(3, 4, 5)),
          "com.microsoft.DequantizeLinear", List.of(new Codes(0, 1, 2)),
          "com.microsoft.QGemm", List.of(new Codes(0, 1, 2)),
          "com.microsoft.QLinearAdd", List.of(new Codes(0, 1, 2), new Codes(3, 4, 5)),
          "com.microsoft.QLinearMul", List.of(new Codes(0, 1, 2), new Codes(3, 4, 5)),
          "com.microsoft.QLinearGlobalAveragePool", List.of(new Codes(0, 1, 2)),
          "com.microsoft.QLinearAveragePool", List.of(new Codes(0, 1, 2)),
          "com.microsoft.QLinearSigmoid", List.of(new Codes(0, 1, 2)));

  private InputQuantization() {}

  /**
   * What an input's tensor holds.
   *
   * @throws NotNativeException if no layer holds such elements
   */
  static ElementKind kind(String name, NdType type, GraphLowering lowering)
      throws NotNativeException {
    ElementKind plain = GraphLowering.kind(type);
    if (!(plain instanceof ElementKind.Codes(Quantization quantization))) {
      return plain;
    }
    Set<Optional<Quantization>> all = new HashSet<>();
    for (OnnxNode node : lowering.readers(name)) {
      all.add(quantization(name, node, quantization.format(), lowering));
    }
    return all.size() == 1
        ? all.iterator().next().<ElementKind>map(ElementKind.Codes::new).orElse(plain)
        : plain;
  }

  private static Optional<Quantization> quantization(
      String name, OnnxNode node, IntegerFormat format, GraphLowering lowering) {
    Set<Optional<Quantization>> all = new HashSet<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      if (node.input(i).equals(name)) {
        int input = i;
        all.add(
            READERS.getOrDefault(node.key(), List.of()).stream()
                .filter(codes -> codes.input() == input)
                .findFirst()
                .flatMap(codes -> quantization(node, codes, format, lowering)));
      }
    }
    return all.size() == 1 ? all.iterator().next() : Optional.empty();
  }

  private static Optional<Quantization> quantization(
      OnnxNode node, Codes codes, IntegerFormat format, GraphLowering lowering) {
    Optional<NdTensor> scale = lowering.constant(node.input(codes.scale()));
    Optional<NdTensor> zeroPoint = lowering.constant(node.input(codes.zeroPoint()));
    boolean known =
        scale.isPresent()
            && scale.get().elements() == 1
            && scale.get().type().isFloating()
            && (!node.has(codes.zeroPoint())
                || zeroPoint.isPresent()
                    && zeroPoint.get().elements() == 1
                    && zeroPoint.get().type().isInteger());
    if (!known) {
      return Optional.empty();
    }
    try {
      long zero = zeroPoint.map(tensor -> tensor.integers()[0]).orElse(0L);
      return Optional.of(new Quantization(format, scale.get().floats()[0], Math.toIntExact(zero)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty(); // the node that reads it says what is wrong
    }
  }
}
