package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The sum, difference or product of two tensors of one shape, element by element in binary32. */
public record Elementwise(String name, int left, int right, TensorType output, Operation operation)
    implements FloatLayer {
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
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.floats(source);
      LayerChecks.sameShape(source, output);
    }
    LayerChecks.floats(output);
  }
}
