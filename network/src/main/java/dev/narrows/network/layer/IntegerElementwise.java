package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * A function of two tensors of one shape, integer by integer: codes of scale 1 and zero point 0,
 * truth values as 0 and 1. Computed in 64 bits, then brought to the output's format.
 *
 * @param exact a result that does not fit is an error; else its high bits are cut
 */
public record IntegerElementwise(
    String name, int left, int right, TensorType output, IntegerOperation operation, boolean exact)
    implements FunctionLayer {
  /** What is done to two integers. */
  public enum IntegerOperation {
    ADD("integerAdd"),
    SUBTRACT("integerSubtract"),
    MULTIPLY("integerMultiply"),
    /** Towards zero; by zero an error. */
    DIVIDE("integerDivide"),
    /** Towards minus infinity; by zero an error. */
    FLOOR_DIVIDE("integerFloorDivide"),
    /** With the sign of the right integer; by zero an error. */
    FLOOR_REMAINDER("integerFloorRemainder"),
    /** With the sign of the left integer; by zero an error. */
    REMAINDER("integerRemainder"),
    /** left^right; a negative power of anything but ±1 is 0, one beyond 64 bits an error. */
    POWER("integerPower"),
    MAXIMUM("integerMaximum"),
    MINIMUM("integerMinimum"),
    /** Bit by bit, as are OR and EXCLUSIVE_OR. */
    AND("integerAnd"),
    OR("integerOr"),
    EXCLUSIVE_OR("integerExclusiveOr"),
    /** By 64 bits and more: 0. */
    SHIFT_LEFT("integerShiftLeft"),
    SHIFT_RIGHT("integerShiftRight"),
    /** 1 where it holds, else 0; so are all comparisons. */
    LESS("integerLess"),
    LESS_OR_EQUAL("integerLessOrEqual"),
    GREATER("integerGreater"),
    GREATER_OR_EQUAL("integerGreaterOrEqual"),
    EQUAL("integerEqual");

    private final String word;

    IntegerOperation(String word) {
      this.word = word;
    }

    /** The result in 64 bits, of integers of 32. */
    public long apply(long left, long right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> left / right;
        case FLOOR_DIVIDE -> Math.floorDiv(left, right);
        case FLOOR_REMAINDER -> Math.floorMod(left, right);
        case REMAINDER -> left % right;
        case POWER -> power(left, right);
        case MAXIMUM -> Math.max(left, right);
        case MINIMUM -> Math.min(left, right);
        case AND -> left & right;
        case OR -> left | right;
        case EXCLUSIVE_OR -> left ^ right;
        case SHIFT_LEFT -> right < 0 || right >= Long.SIZE ? 0 : left << right;
        case SHIFT_RIGHT -> right < 0 || right >= Long.SIZE ? 0 : left >> right;
        case LESS -> truth(left < right);
        case LESS_OR_EQUAL -> truth(left <= right);
        case GREATER -> truth(left > right);
        case GREATER_OR_EQUAL -> truth(left >= right);
        case EQUAL -> truth(left == right);
      };
    }

    private static long truth(boolean holds) {
      return holds ? 1 : 0;
    }

    private static long power(long base, long exponent) {
      if (exponent < 0) {
        return base == 1 ? 1 : base == -1 ? 1 - 2 * (exponent & 1) : 0;
      }
      long result = 1;
      long square = base;
      for (long left = exponent; left > 0; left >>= 1) {
        result = (left & 1) == 0 ? result : Math.multiplyExact(result, square);
        square = left > 1 ? Math.multiplyExact(square, square) : square;
      }
      return result;
    }

    /** The kind of a layer that does this. */
    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(left, right);
  }

  /** Of sums and differences what the operands can make, if it fits; of others any code. */
  @Override
  public IntegerRange codes(List<TensorRange> in) {
    IntegerRange all = IntegerRange.of(output.quantization().format());
    IntegerRange a = in.get(0).codes();
    IntegerRange b = in.get(1).codes();
    IntegerRange made =
        switch (operation) {
          case ADD -> new IntegerRange(a.min() + b.min(), a.max() + b.max());
          case SUBTRACT -> new IntegerRange(a.min() - b.max(), a.max() - b.min());
          default -> all;
        };
    return made.min() >= all.min() && made.max() <= all.max() ? made : all;
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor a = in.get(0);
    ImageTensor b = in.get(1);
    IntegerFormat format = output.quantization().format();
    return ImageTensor.fill(
        output,
        (c, y, x) ->
            IntegerFunction.held(operation.apply(a.word(c, y, x), b.word(c, y, x)), format, exact));
  }

  @Override
  public String kind() {
    return operation.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.integers(source);
      LayerChecks.sameShape(source, output);
    }
    LayerChecks.integers(output);
    Checks.require(
        output.quantization().format().bits() <= Integer.SIZE,
        "results have at most 32 bits, got %s",
        output.quantization().format());
  }
}
