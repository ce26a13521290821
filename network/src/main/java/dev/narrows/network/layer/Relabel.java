package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The same codes read by another scale, zero point or format; every code stays what it is. */
public record Relabel(String name, int input, TensorType output) implements PointwiseLayer {
  @Override
  public int apply(TensorType from, int channel, int word) {
    return word;
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return "relabel";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    LayerChecks.range(
        output, source.quantization().format().min(), source.quantization().format().max());
  }
}
