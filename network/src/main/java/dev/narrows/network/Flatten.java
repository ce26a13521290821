package dev.narrows.network;

import java.util.List;

/** [C][H][W] read as C·H·W channels of one position, in that order. */
public record Flatten(String name, int input, TensorType output) implements Layer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "flatten";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = Checks.only(sources);
    Checks.channels(output, source.elements());
    Checks.size(output, 1, 1);
    Checks.sameKind(source, output);
  }
}
