package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The largest element in each window; padding is left out. Codes keep their meaning. */
public record MaxPool(String name, int input, TensorType output, Window window) implements Layer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
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
