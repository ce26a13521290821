package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Codes of numbers and numbers of codes: per tensor, per channel or per block. */
final class QuantizeFolds {
  static final Map<String, Fold> ALL =
      Map.of(
          "QuantizeLinear", Fold.of(QuantizeFolds::quantize),
          "DequantizeLinear", Fold.of(QuantizeFolds::dequantize));

  private QuantizeFolds() {}

  /** For each element which scale it has. */
  private static int[] scales(FoldNode node, List<Integer> dims, NdTensor scale) {
    long block = node.attributes().integer("block_size", 0);
    if (scale.elements() == 1 && scale.rank() <= 1 && block == 0) {
      return new int[(int) NdTensor.count(dims)];
    }
    int axis = FoldNode.axis(node.attributes().integer("axis", 1), dims.size());
    int dim = dims.get(axis);
    int[] strides = IndexMaps.strides(scale.dims());
    boolean fit =
        block == 0
            ? scale.rank() == 1 && scale.dims().getFirst() == dim
            : block > 0 && scale.rank() == dims.size();
    List<int[]> axes = new ArrayList<>();
    for (int a = 0; fit && a < dims.size(); a++) {
      int[] steps = IndexMaps.steps(dims.get(a), block == 0 ? a == axis ? 1 : 0 : strides[a]);
      if (block > 0 && a == axis) {
        fit = scale.dims().get(a) == Math.ceilDiv(dim, block);
        for (int i = 0; i < steps.length; i++) {
          steps[i] = (int) (i / block) * strides[a];
        }
      } else if (block > 0) {
        fit = scale.dims().get(a).equals(dims.get(a));
      }
      axes.add(steps);
    }
    if (!fit) {
      throw new IllegalArgumentException(
          "a scale of %s does not fit %s along axis %d".formatted(scale.dims(), dims, axis));
    }
    return IndexMaps.places(axes);
  }

  private static long[] zeroPoints(FoldNode node, NdTensor scale, NdType codes) {
    if (!node.has(2)) {
      return new long[scale.elements()];
    }
    NdTensor zero = node.input(2);
    if (zero.type() != codes || zero.elements() != scale.elements()) {
      throw new IllegalArgumentException(
          "a zero point %s does not fit codes of %s with a scale of %s"
              .formatted(zero.describe(), codes, scale.dims()));
    }
    return zero.integers();
  }

  private static NdTensor dequantize(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    NdTensor scale = node.input(1);
    if (!in.type().isInteger() || in.type().bits() > 32 || scale.type() == NdType.FLOAT8E8M0) {
      throw new CannotFold("codes of " + in.type());
    }
    FoldedNumbers.computed(scale.type());
    node.reserve(in.dims(), 3 * 64);
    int[] which = scales(node, in.dims(), scale);
    long[] zero = zeroPoints(node, scale, in.type());
    long[] codes = in.integers();
    float[] factors = scale.floats();
    float[] made = new float[codes.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = (int) (codes[i] - zero[which[i]]) * factors[which[i]];
    }
    NdType type = NdType.of(node.attributes().int32("output_dtype", 0)).orElse(scale.type());
    return FoldedNumbers.of(type, made, in.dims());
  }

  private static NdTensor quantize(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    NdTensor scale = node.input(1);
    NdType type =
        node.has(2)
            ? node.input(2).type()
            : NdType.of(node.attributes().int32("output_dtype", 0)).orElse(NdType.UINT8);
    if (!type.isInteger()
        || type.bits() > 16
        || in.type() != NdType.FLOAT
        || scale.type() != NdType.FLOAT) {
      throw new CannotFold("makes %s of %s".formatted(type, in.type()));
    }
    node.reserve(in.dims(), 3 * 64);
    int[] which = scales(node, in.dims(), scale);
    long[] zero = zeroPoints(node, scale, type);
    float[] factors = scale.floats();
    float[] numbers = in.floats();
    long[] codes = new long[numbers.length];
    long least = type.isSigned() ? -1L << type.bits() - 1 : 0;
    long most = type.isSigned() ? ~least : (1L << type.bits()) - 1;
    for (int i = 0; i < codes.length; i++) {
      float scaled = numbers[i] / factors[which[i]];
      if (Float.isNaN(scaled)) {
        throw new IllegalArgumentException("%s has no code".formatted(numbers[i]));
      }
      codes[i] = Math.clamp((long) Math.rint(scaled) + zero[which[i]], least, most);
    }
    return NdTensor.ofIntegers(type, codes, in.dims());
  }
}
