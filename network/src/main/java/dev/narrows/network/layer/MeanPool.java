package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * The mean of each window, padding left out of sum and divisor: the elements are added in binary64
 * by ascending row and column, divided by their number and rounded once to binary32.
 */
public record MeanPool(String name, int input, TensorType output, Window window)
    implements FloatFunction {
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
        sum += Words.number(from.words()[tap]);
        seen++;
      }
    }
    return (float) (sum / seen);
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
