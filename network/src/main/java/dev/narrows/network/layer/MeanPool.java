package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * The mean of each window, padding left out of sum and divisor: the elements are added by ascending
 * row and column and divided by their number.
 *
 * @param wide each step is in binary64, and the result is rounded once; else each in binary32
 */
public record MeanPool(String name, int input, TensorType output, Window window, boolean wide)
    implements FloatFunction {
  /** Sums in binary64. */
  public MeanPool(String name, int input, TensorType output, Window window) {
    this(name, input, output, window, true);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(output, (c, y, x) -> Words.of(mean(from, c, y, x)));
  }

  private float mean(ImageTensor from, int c, int y, int x) {
    double sum = 0;
    int seen = 0;
    for (int tap : window.taps(from.type(), c, y, x)) {
      if (tap >= 0) {
        sum = plus(sum, Words.number(from.words()[tap]));
        seen++;
      }
    }
    return mean(sum, seen);
  }

  /** A sum with one element more. */
  public double plus(double sum, float element) {
    double next = sum + element;
    return wide ? next : (float) next; // rounded twice is rounded once: 53 ≥ 2 · 24 + 2
  }

  /** The mean of a sum. */
  public float mean(double sum, int elements) {
    return wide ? (float) (sum / elements) : (float) sum / (float) elements;
  }

  @Override
  public String kind() {
    return "meanPool";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.floats(output);
    LayerChecks.channels(output, source.channels());
    LayerChecks.pooled(source, output, window);
  }
}
