package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The channels of the input between {@code before} and {@code after} channels of real zero. */
public record ChannelPad(String name, int input, TensorType output, int before, int after)
    implements Layer {
  public ChannelPad {
    if (before < 0 || after < 0) {
      throw new IllegalArgumentException(
          "channel padding must not be negative, got %d and %d".formatted(before, after));
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "channelPad";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, (long) before + source.channels() + after);
    LayerChecks.size(output, source.height(), source.width());
    LayerChecks.sameKind(source, output);
  }
}
