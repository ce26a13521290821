package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/** The largest element in each window; padding is left out. Codes keep their meaning. */
public record MaxPool(String name, int input, TensorType output, Window window)
    implements FunctionLayer {
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
          int[] words =
              Arrays.stream(window.taps(from.type(), c, y, x))
                  .filter(at -> at >= 0)
                  .map(at -> from.words()[at])
                  .toArray();
          return from.type().isFloat() ? largest(words) : Arrays.stream(words).max().orElseThrow();
        });
  }

  private static int largest(int[] words) {
    float max = Float.NEGATIVE_INFINITY;
    for (int word : words) {
      max = Math.max(max, Words.number(word));
    }
    return Words.of(max);
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return "maxPool";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, source.channels());
    LayerChecks.pooled(source, output, window);
    LayerChecks.sameKind(source, output);
  }
}
