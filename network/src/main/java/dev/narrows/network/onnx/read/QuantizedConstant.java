package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.Optional;

/**
 * A constant that the graph keeps as codes: what a DequantizeLinear of constants reads.
 *
 * @param codes integers
 * @param scales one, or one for each index of {@code axis}
 * @param zeroPoints as many
 * @param axis of the codes; −1 where there is one scale
 */
public record QuantizedConstant(NdTensor codes, float[] scales, long[] zeroPoints, int axis) {
  /** What a DequantizeLinear reads; empty unless its scales are one, or one an index of an axis. */
  static Optional<QuantizedConstant> of(OnnxNode node, GraphLowering lowering) {
    Optional<NdTensor> codes = lowering.constant(node.input(0));
    Optional<NdTensor> scale = lowering.constant(node.input(1));
    if (codes.isEmpty()
        || scale.isEmpty()
        || !codes.get().type().isInteger()
        || scale.get().rank() > 1
        || node.attributes().integer("block_size", 0) != 0) {
      return Optional.empty();
    }
    float[] scales = scale.get().floats();
    long[] zeroPoints =
        lowering.constant(node.input(2)).map(NdTensor::integers).orElse(new long[scales.length]);
    long axis = node.attributes().integer("axis", 1);
    return Optional.of(
        new QuantizedConstant(
            codes.get(),
            scales,
            zeroPoints,
            scales.length == 1 ? -1 : (int) (axis < 0 ? axis + codes.get().rank() : axis)));
  }
}
