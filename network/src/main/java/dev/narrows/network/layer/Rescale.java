package dev.narrows.network.layer;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Each element's code − zero point, requantised by its channel: a change of scale and format. */
public record Rescale(String name, int input, TensorType output, Requantization requantization)
    implements Layer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "rescale";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameShape(LayerChecks.only(sources), output);
    LayerChecks.requantization(requantization, output);
  }
}
