package dev.narrows.network;

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
    TensorType source = Checks.only(sources);
    Checks.channels(output, source.channels());
    Checks.pooled(source, output, window);
    Checks.sameKind(source, output);
  }
}
