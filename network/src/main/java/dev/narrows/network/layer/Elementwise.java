package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/** A function of two tensors of one shape, element by element in binary32. */
public record Elementwise(String name, int left, int right, TensorType output, Operation operation)
    implements FloatFunction {
  /** What is done to two numbers. */
  public enum Operation {
    ADD("realAdd"),
    SUBTRACT("realSubtract"),
    MULTIPLY("realMultiply"),
    DIVIDE("realDivide"),
    /** The left number if it is larger, else the right one. */
    MAXIMUM("realMaximum"),
    /** The left number if it is smaller, else the right one. */
    MINIMUM("realMinimum"),
    /** d·d of d = left − right. */
    SQUARED_DIFFERENCE("realSquaredDifference"),
    /** left^right, in binary64 and rounded once. */
    POWER("realPower"),
    /** The angle of the point (right, left) from −π to π, in binary64 and rounded once. */
    ARCTANGENT("realArctangent"),
    /** The left number, times the right one where it is negative. */
    SLOPE("realSlope"),
    /** ⌊left / right⌋, the division rounded first. */
    FLOOR_DIVIDE("realFloorDivide"),
    /** The exact remainder of left / right, with the sign of the right number. */
    FLOOR_REMAINDER("realFloorRemainder"),
    /** The exact remainder of left / right, with the sign of the left number. */
    REMAINDER("realRemainder"),
    /** 1 where it holds, else 0; so are all comparisons. */
    LESS("realLess"),
    LESS_OR_EQUAL("realLessOrEqual"),
    GREATER("realGreater"),
    GREATER_OR_EQUAL("realGreaterOrEqual"),
    EQUAL("realEqual"),
    NOT_EQUAL("realNotEqual");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    /** The result in binary32. */
    public float apply(float left, float right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
        case DIVIDE -> left / right;
        case MAXIMUM -> left > right ? left : right;
        case MINIMUM -> left < right ? left : right;
        case SQUARED_DIFFERENCE -> (left - right) * (left - right);
        case POWER -> (float) StrictMath.pow(left, right);
        case ARCTANGENT -> (float) StrictMath.atan2(left, right);
        case SLOPE -> left >= 0 ? left : left * right;
        case FLOOR_DIVIDE -> (float) Math.floor(left / right);
        case FLOOR_REMAINDER -> remainder(left, right);
        case REMAINDER -> left % right;
        case LESS -> truth(left < right);
        case LESS_OR_EQUAL -> truth(left <= right);
        case GREATER -> truth(left > right);
        case GREATER_OR_EQUAL -> truth(left >= right);
        case EQUAL -> truth(left == right);
        case NOT_EQUAL -> truth(left != right);
      };
    }

    private static float truth(boolean holds) {
      return holds ? 1 : 0;
    }

    private static float remainder(float left, float right) {
      float truncated = left % right;
      return truncated != 0 && truncated < 0 != right < 0 ? truncated + right : truncated;
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

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor a = in.get(0);
    ImageTensor b = in.get(1);
    return ImageTensor.fill(
        output,
        (c, y, x) -> Words.canonical(operation.apply(a.number(c, y, x), b.number(c, y, x))));
  }

  @Override
  public String kind() {
    return operation.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.floats(source);
      LayerChecks.sameShape(source, output);
    }
    LayerChecks.floats(output);
  }
}
