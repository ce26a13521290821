package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.List;
import java.util.Optional;

/**
 * An operator between a DequantizeLinear and a QuantizeLinear of 8 bits that ONNX Runtime, at its
 * default level on x86-64, makes one operator of unsigned codes. Signed ones it moves by 128 first,
 * where each QuantizeLinear has one DequantizeLinear that reads it and nothing else; otherwise the
 * operator stays one of numbers.
 *
 * @param made unsigned, what the operator makes
 * @param to what the QuantizeLinear makes
 */
record FusedCodes(LoweringNode node, CodeTarget made, CodeTarget to) {
  private static final int HALF = 1 << 7;

  /** Whether an input is codes of 8 bits that stand for numbers. */
  static boolean isBytes(LoweringNode node, int input) throws NotNativeException {
    return QuantizedForms.isCodes(node, input)
        && node.type(node.value(input).tensor()).quantization().format().bits() == 8;
  }

  /**
   * What the runtime makes of a node.
   *
   * @param steps functions between it and the quantiser
   */
  static Optional<FusedCodes> of(LoweringNode node, CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException {
    Quantization codes = to.quantization();
    Quantization given = node.type(node.value(0).tensor()).quantization();
    if (!to.isLinear() || !steps.isEmpty() || !given.format().equals(codes.format())) {
      return Optional.empty();
    }
    if (!codes.format().signed()) {
      return Optional.of(new FusedCodes(node, to, to));
    }
    if (!isMoved(node)) {
      return Optional.empty();
    }
    Quantization unsigned =
        new Quantization(IntegerFormat.unsigned(8), codes.scale(), codes.zeroPoint() + HALF);
    return Optional.of(new FusedCodes(node, CodeTarget.linear(unsigned, NdType.UINT8), to));
  }

  /** Whether signed codes on both sides become unsigned ones. */
  private static boolean isMoved(LoweringNode node) {
    GraphLowering graph = node.graph();
    Optional<OnnxNode> reading = graph.maker(node.node().input(0));
    List<OnnxNode> quantizing = graph.readers(node.output());
    return reading.isPresent()
        && graph
            .maker(reading.get().input(0))
            .filter(maker -> maker.operator().equals("QuantizeLinear"))
            .isPresent()
        && isPair(graph, reading.get().input(0))
        && quantizing.size() == 1
        && isPair(graph, quantizing.getFirst().outputs().getFirst());
  }

  /** Whether codes have one reader, which dequantises them for one reader. */
  private static boolean isPair(GraphLowering graph, String codes) {
    List<OnnxNode> readers = graph.readers(codes);
    if (graph.isResult(codes)
        || readers.size() != 1
        || !readers.getFirst().operator().equals("DequantizeLinear")) {
      return false;
    }
    String numbers = readers.getFirst().outputs().getFirst();
    return graph.readers(numbers).size() + (graph.isResult(numbers) ? 1 : 0) == 1;
  }

  /** The codes that the quantiser makes of those that the operator made. */
  LoweredValue finished(LoweredValue codes) {
    return made.equals(to)
        ? codes
        : to.value(QuantizeLowering.table(node, codes, made.quantization(), to), codes.dims());
  }
}
