package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Real numbers along some axes added up, averaged or multiplied, in {@link Span}'s order: by
 * ascending row, column and channel, from 0 (or 1) on. The largest or smallest is an {@link
 * Extremum}.
 *
 * @param wide each step is in binary64, and the result is rounded once; else each in binary32
 */
public record Reduce(
    String name, int input, TensorType output, Reduction reduction, Span over, boolean wide)
    implements FloatFunction {
  /** What becomes of the numbers. */
  public enum Reduction {
    SUM("realSum"),
    /** The sum divided by the count. */
    MEAN("realMean"),
    PRODUCT("realProduct");

    private final String word;

    Reduction(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          int[] places = over.places(from.type(), c, y, x);
          float[] numbers = new float[places.length];
          for (int i = 0; i < places.length; i++) {
            numbers[i] = Words.number(from.words()[places[i]]);
          }
          return Words.canonical(apply(numbers));
        });
  }

  /** What becomes of numbers, in their order. */
  public float apply(float[] numbers) {
    double result = reduction == Reduction.PRODUCT ? 1 : 0;
    for (float number : numbers) {
      double next = reduction == Reduction.PRODUCT ? result * number : result + number;
      result = wide ? next : (float) next; // rounded twice is rounded once: 53 ≥ 2 · 24 + 2
    }
    if (reduction != Reduction.MEAN) {
      return (float) result;
    }
    return wide ? (float) (result / numbers.length) : (float) result / (float) numbers.length;
  }

  @Override
  public String kind() {
    return reduction.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.floats(output);
    LayerChecks.sameShape(over.of(source), output);
  }
}
