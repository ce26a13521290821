package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The mean of each window, padding left out of sum and divisor: the elements are added in binary64
 * by ascending row and column, divided by their number and rounded once to binary32.
 */
public record MeanPool(String name, int input, TensorType output, Window window)
    implements FloatLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
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
