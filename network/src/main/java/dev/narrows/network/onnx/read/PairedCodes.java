package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The two operands of a node as codes that stand for numbers: values that are computed, or a
 * constant behind a DequantizeLinear with one scale.
 */
record PairedCodes(LoweringNode node, List<PairedOperand> operands) {
  /**
   * One operand.
   *
   * @param codes how it reads
   * @param dims its own
   */
  private record PairedOperand(String name, Quantization codes, List<Integer> dims) {}

  /** The operands of a node; empty where one is no such value, or both are constants. */
  static Optional<PairedCodes> of(LoweringNode node) throws NotNativeException {
    List<PairedOperand> operands = new ArrayList<>();
    boolean computed = false;
    for (int i = 0; i < 2; i++) {
      if (QuantizedForms.isCodes(node, i)) {
        LoweredValue value = node.value(i);
        Quantization codes = node.type(value.tensor()).quantization();
        operands.add(new PairedOperand(node.node().input(i), codes, value.dims()));
        computed = true;
      } else {
        constant(node, i).ifPresent(operands::add);
      }
    }
    return computed && operands.size() == 2
        ? Optional.of(new PairedCodes(node, operands))
        : Optional.empty();
  }

  private static Optional<PairedOperand> constant(LoweringNode node, int input)
      throws NotNativeException {
    GraphLowering graph = node.graph();
    Optional<OnnxNode> maker =
        graph
            .maker(node.node().input(input))
            .filter(made -> made.operator().equals("DequantizeLinear"));
    if (maker.isEmpty()) {
      return Optional.empty();
    }
    LoweringNode reading = new LoweringNode(graph, maker.get());
    Optional<NdTensor> codes = reading.constant(0);
    Optional<NdTensor> scale = reading.constant(1);
    if (codes.isEmpty() || scale.isEmpty() || scale.get().elements() != 1) {
      return Optional.empty();
    }
    Quantization read =
        QuantizeLowering.quantization(
            scale.get(),
            QuantizeLowering.zero(reading, 2),
            QuantizeLowering.format(codes.get().type()));
    return Optional.of(new PairedOperand(maker.get().input(0), read, codes.get().dims()));
  }

  /** Whether both are codes of a format. */
  boolean isAll(IntegerFormat format) {
    return operands.stream().allMatch(operand -> operand.codes().format().equals(format));
  }

  /** The number of dimensions of what is made of them. */
  int rank() {
    return operands.stream().mapToInt(operand -> operand.dims().size()).max().orElseThrow();
  }

  /** An operand as a tensor. */
  LoweredValue value(int operand) throws NotNativeException {
    PairedOperand wanted = operands.get(operand);
    LoweredValue codes = node.graph().value(wanted.name());
    int tensor = QuantizeLowering.labelled(node, codes, wanted.codes());
    return new LoweredValue(tensor, codes.dims(), codes.type());
  }
}
