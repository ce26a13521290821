package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The input in the format that the output is stored in: rounds what a dot layer multiplies. */
public record Store(String name, int input, TensorType output)
    implements FloatFunction, PointwiseLayer {
  /** The number itself: it is rounded as the output of any layer is. */
  @Override
  public int apply(TensorType from, int channel, int word) {
    return word;
  }

  @Override
  public String kind() {
    return "store";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }
}
