package dev.narrows.network;

import java.util.List;

/** The input in the format that the output is stored in: rounds what a dot layer multiplies. */
public record Store(String name, int input, TensorType output) implements RealLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "store";
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.sameReals(sources, output);
  }
}
