package dev.narrows.network;

import dev.narrows.core.format.IntegerRange;
import java.util.List;

/**
 * A layer of codes whose every output element is a function of one element of each of two tensors
 * of its shape, in integers, without a register.
 */
public sealed interface CodePair extends Layer permits Add, Multiply {
  /** The first tensor read. */
  int left();

  /** The second tensor read. */
  int right();

  /**
   * The output code of two codes less their zero points. For a fixed left value it is monotone in
   * the right one, and the other way round.
   */
  int apply(int leftValue, int rightValue);

  /**
   * The codes made from values in two ranges: as the function is monotone in each value, its
   * extremes are at the corners.
   */
  default IntegerRange codes(IntegerRange left, IntegerRange right) {
    int lowLow = apply((int) left.min(), (int) right.min());
    int lowHigh = apply((int) left.min(), (int) right.max());
    int highLow = apply((int) left.max(), (int) right.min());
    int highHigh = apply((int) left.max(), (int) right.max());
    return new IntegerRange(
        Math.min(Math.min(lowLow, lowHigh), Math.min(highLow, highHigh)),
        Math.max(Math.max(lowLow, lowHigh), Math.max(highLow, highHigh)));
  }

  @Override
  default List<Integer> inputs() {
    return List.of(left(), right());
  }
}
