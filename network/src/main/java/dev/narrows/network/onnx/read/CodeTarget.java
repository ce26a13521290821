package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The codes that a quantising node makes of numbers.
 *
 * @param type of the codes in the file; FLOAT where the node dequantises them itself
 * @param min the smallest code
 * @param max the largest code
 * @param levels thresholds that make the codes instead of a rounding
 */
record CodeTarget(
    Quantization quantization,
    NdType type,
    Rounding rounding,
    int min,
    int max,
    Optional<Levels> levels) {
  /** What a QuantizeLinear of ONNX makes. */
  static CodeTarget linear(Quantization quantization, NdType type) {
    int min = (int) quantization.format().min();
    int max = (int) quantization.format().max();
    return new CodeTarget(quantization, type, Rounding.HALF_EVEN, min, max, Optional.empty());
  }

  /** Whether integer kernels of ONNX Runtime make such codes. */
  boolean isLinear() {
    return type != NdType.FLOAT;
  }

  /** The layer that makes such codes of numbers. */
  RoundedQuantize layer(String name, int input, TensorType from) {
    TensorType made = new TensorType(from.channels(), from.height(), from.width(), quantization);
    return new RoundedQuantize(name, input, made, rounding, !isLinear(), min, max);
  }

  /** The scale, a number of binary32. */
  float scale() {
    return (float) quantization.scale();
  }

  /** The code of a number. */
  int code(float number) {
    return RoundedQuantize.code(number, quantization, rounding, !isLinear(), min, max);
  }

  /** For each channel of a dot product the row of thresholds; empty if a channel has several. */
  Optional<int[]> rows(DotShape shape) {
    return levels.isEmpty()
        ? Optional.of(new int[shape.outputs()])
        : shape.perChannel(levels.get().dims());
  }

  /** The code of a number of a row. */
  int code(int row, float number) {
    return levels.map(rows -> rows.code(row, number)).orElseGet(() -> code(number));
  }

  /** The value of a tensor of such codes. */
  LoweredValue value(int tensor, List<Integer> dims) {
    return new LoweredValue(tensor, dims, type, !isLinear());
  }
}
