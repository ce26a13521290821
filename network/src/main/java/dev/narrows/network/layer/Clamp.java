package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Codes moved into [min, max]; they keep their meaning. ReLU is a clamp from the zero point.
 *
 * @param min at least the format's smallest code
 * @param max at most the format's largest code
 */
public record Clamp(String name, int input, TensorType output, int min, int max) implements Layer {
  public Clamp {
    LayerChecks.range(output, min, max);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "clamp";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    LayerChecks.sameKind(source, output);
  }
}
