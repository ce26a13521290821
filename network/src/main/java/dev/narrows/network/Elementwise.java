package dev.narrows.network;

import java.util.List;

/** The sum, difference or product of two tensors of one shape, element by element in binary32. */
public record Elementwise(String name, int left, int right, TensorType output, Operation operation)
    implements RealLayer {
  /** What is done to two numbers. */
  public enum Operation {
    ADD,
    SUBTRACT,
    MULTIPLY;

    /** The result in binary32. */
    public float apply(float left, float right) {
      return switch (this) {
        case ADD -> left + right;
        case SUBTRACT -> left - right;
        case MULTIPLY -> left * right;
      };
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(left, right);
  }

  @Override
  public String kind() {
    return switch (operation) {
      case ADD -> "realAdd";
      case SUBTRACT -> "realSubtract";
      case MULTIPLY -> "realMultiply";
    };
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.two(sources);
    for (TensorType source : sources) {
      Checks.real(source);
      Checks.sameShape(source, output);
    }
    Checks.real(output);
  }
}
