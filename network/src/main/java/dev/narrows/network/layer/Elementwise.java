package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/** The sum, difference or product of two tensors of one shape, element by element in binary32. */
public record Elementwise(String name, int left, int right, TensorType output, Operation operation)
    implements FloatFunction {
  /** What is done to two numbers. */
  public enum Operation {
    ADD("realAdd"),
    SUBTRACT("realSubtract"),
    MULTIPLY("realMultiply");

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
      };
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
        output, (c, y, x) -> Words.of(operation.apply(a.number(c, y, x), b.number(c, y, x))));
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
