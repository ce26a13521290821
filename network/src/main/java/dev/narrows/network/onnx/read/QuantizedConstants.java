package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Nodes that scale the codes of a constant, or only move its elements, leave its codes known. */
final class QuantizedConstants {
  private static final Map<String, NodeLowering> MOVES = moves();

  private QuantizedConstants() {}

  private static Map<String, NodeLowering> moves() {
    Map<String, NodeLowering> moves = new HashMap<>(ShapeLowering.ALL);
    moves.remove("Dropout");
    moves.put("Transpose", MoveLowering.ALL.getOrDefault("Transpose", node -> {}));
    return Map.copyOf(moves);
  }

  /**
   * Puts the codes of what a node makes of a constant.
   *
   * @return whether it is such a node, of codes
   * @throws IllegalArgumentException if the node is not sound
   */
  static boolean put(LoweringNode node) throws NotNativeException {
    String output = node.output();
    switch (node.node().key()) {
      case "DequantizeLinear", "com.microsoft.DequantizeLinear" -> {
        Optional<QuantizedConstant> codes = dequantized(node);
        codes.ifPresent(found -> node.graph().putQuantized(output, found));
        return codes.isPresent();
      }
      case "Mul" -> {
        Optional<QuantizedConstant> codes = scaled(node);
        codes.ifPresent(found -> node.graph().putQuantized(output, found));
        return codes.isPresent();
      }
      default -> {
        Optional<QuantizedConstant> codes = node.graph().quantized(node.node().input(0));
        NodeLowering move = MOVES.get(node.node().key());
        if (codes.isEmpty() || move == null) {
          return false;
        }
        Optional<Rehearsal.RehearsedWords> to = Rehearsal.places(node, move, codes.get().dims());
        to.ifPresent(
            at -> node.graph().putQuantized(output, codes.get().moved(at.dims(), at.words())));
        return to.isPresent();
      }
    }
  }

  /** Whole numbers that are codes of scale 1, each by a scale of its own: no product is rounded. */
  private static Optional<QuantizedConstant> scaled(LoweringNode node) {
    Optional<QuantizedConstant> codes = node.graph().quantized(node.node().input(0));
    Optional<NdTensor> by = node.constant(1);
    if (codes.isEmpty()
        || by.isEmpty()
        || by.get().type() != NdType.FLOAT
        || codes.get().scales().length != 1
        || codes.get().scale(0) != 1
        || !Places.broadcast(codes.get().dims(), by.get().dims()).equals(codes.get().dims())) {
      return Optional.empty();
    }
    int[] places = Places.of(by.get().dims()).expanded(codes.get().dims()).at();
    float[] given = by.get().floats();
    float[] scales = new float[places.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = given[places[i]];
      if (!(scales[i] > 0) || Float.isInfinite(scales[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new QuantizedConstant(
            codes.get().dims(), codes.get().codes(), scales, codes.get().zeros()));
  }

  private static Optional<QuantizedConstant> dequantized(LoweringNode node)
      throws NotNativeException {
    Optional<NdTensor> codes = node.constant(0);
    if (codes.isEmpty() || !codes.get().type().isInteger() || node.constant(1).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        QuantizedConstant.of(
            codes.get(),
            node.required(1, "the scale"),
            QuantizeLowering.zero(node, 2),
            node.attributes().integer("axis", 1),
            node.attributes().integer("block_size", 0)));
  }
}
