package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import java.util.List;

/**
 * A layer of codes whose every output element is a function of one element of each of two tensors
 * of its shape, in integers, without a register.
 */
public sealed interface CodePair extends FunctionLayer
    permits Add,
        Multiply,
        CodeExtremum,
        CodeQuotient,
        CodeSquaredDifference,
        CodeSlope,
        FloatScaledAdd,
        FloatScaledMultiply {
  /** The first tensor read. */
  int left();

  /** The second tensor read. */
  int right();

  /** No output code is smaller. */
  int min();

  /** No output code is larger. */
  int max();

  /**
   * The output code of two codes less their zero points. Where the values {@link #fits fit}, it is
   * monotone in the right one for a fixed left one, and the other way round.
   */
  int apply(int leftValue, int rightValue);

  /** Whether 32 bits hold all that is computed of any two values in two ranges. */
  boolean fits(IntegerRange left, IntegerRange right);

  /**
   * The codes made from values in two ranges: as the function is monotone in each value, its
   * extremes are at the corners; where 32 bits do not hold the values, any code can be made.
   */
  default IntegerRange codes(IntegerRange left, IntegerRange right) {
    if (!fits(left, right)) {
      return new IntegerRange(min(), max());
    }
    int lowLow = apply((int) left.min(), (int) right.min());
    int lowHigh = apply((int) left.min(), (int) right.max());
    int highLow = apply((int) left.max(), (int) right.min());
    int highHigh = apply((int) left.max(), (int) right.max());
    return new IntegerRange(
        Math.min(Math.min(lowLow, lowHigh), Math.min(highLow, highHigh)),
        Math.max(Math.max(lowLow, lowHigh), Math.max(highLow, highHigh)));
  }

  @Override
  default IntegerRange codes(List<TensorRange> in) {
    return codes(in.get(0).values(), in.get(1).values());
  }

  @Override
  default int[] run(List<ImageTensor> in) {
    ImageTensor left = in.get(0);
    ImageTensor right = in.get(1);
    return ImageTensor.fill(
        output(), (c, y, x) -> apply(left.value(c, y, x), right.value(c, y, x)));
  }

  @Override
  default List<Integer> inputs() {
    return List.of(left(), right());
  }
}
