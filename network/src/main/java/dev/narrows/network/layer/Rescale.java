package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Each element's code − zero point, requantised by its channel: a change of scale and format. */
public record Rescale(String name, int input, TensorType output, Requantization requantization)
    implements PointwiseLayer {
  @Override
  public int apply(TensorType from, int channel, int word) {
    return requantization.apply(channel, (long) word - from.quantization().zeroPoint());
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    IntegerRange values = in.getFirst().values();
    IntegerRange made = requantization.range(0, values);
    for (int c = 1; c < requantization.channels(); c++) {
      made = made.union(requantization.range(c, values));
    }
    return made;
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
