package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.List;
import java.util.Optional;

/**
 * Dot products that are given as they are, in 32-bit integers or as whole numbers of binary32. A
 * requantisation in integers makes codes of them in the same layer.
 */
record WholeSums(LoweringNode node, IntegerDot dot, NdType type) implements Deferred {
  /** Integers up to here are exact in binary32, and so are their sums in any order. */
  private static final long EXACT = 1L << 24;

  private static final int MOST_WEIGHT = 1 << 15;

  /**
   * Dot products of codes of scale 1, cast to numbers, with weights that are whole numbers; empty
   * where the operands are others, or where a sum may be rounded.
   */
  static Optional<Deferred> ofNumbers(LoweringNode node) throws NotNativeException {
    Optional<NdTensor> weights = node.constant(1);
    if (weights.isEmpty() || weights.get().type() != NdType.FLOAT || node.has(2)) {
      return Optional.empty();
    }
    LoweredValue x = node.value(0);
    float alpha = node.attributes().number("alpha", 1);
    Optional<QuantizedConstant> whole = whole(weights.get());
    if (whole.isEmpty() || alpha != 1 || node.type(x.tensor()).quantization().scale() != 1) {
      return Optional.empty();
    }
    DotShape shape = QuantizedDots.shape(node, x.dims(), weights.get().dims());
    Optional<IntegerDot> dot = IntegerDot.of(node, shape, x, whole.get(), 1);
    boolean exact = dot.isPresent();
    for (int c = 0; exact && c < shape.outputs(); c++) {
      exact = dot.get().most(c) <= EXACT;
    }
    return exact ? Optional.of(new WholeSums(node, dot.get(), NdType.FLOAT)) : Optional.empty();
  }

  private static Optional<QuantizedConstant> whole(NdTensor weights) {
    float[] numbers = weights.floats();
    int[] integers = new int[numbers.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (int) numbers[i];
      if (integers[i] != numbers[i] || Math.abs(numbers[i]) >= MOST_WEIGHT) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new QuantizedConstant(weights.dims(), integers, new float[] {1}, new int[1]));
  }

  @Override
  public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps) {
    return Optional.empty();
  }

  @Override
  public int rank() {
    return dot.rank();
  }

  @Override
  public void settle() throws NotNativeException {
    node.put(0, type == NdType.FLOAT ? dot.numbers() : dot.sums());
  }
}
