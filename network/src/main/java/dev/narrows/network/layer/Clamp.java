package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Codes moved into [min, max]; they keep their meaning. ReLU is a clamp from the zero point.
 *
 * @param min at least the format's smallest code
 * @param max at most the format's largest code
 */
public record Clamp(String name, int input, TensorType output, int min, int max)
    implements PointwiseLayer {
  public Clamp {
    LayerChecks.range(output, min, max);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Math.clamp(word, min, max);
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    IntegerRange codes = in.getFirst().codes();
    return new IntegerRange(Math.clamp(codes.min(), min, max), Math.clamp(codes.max(), min, max));
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
