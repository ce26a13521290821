package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** The channels of the input between {@code before} and {@code after} channels of real zero. */
public record ChannelPad(String name, int input, TensorType output, int before, int after)
    implements FunctionLayer {
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
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          int channel = c - before;
          boolean inside = channel >= 0 && channel < from.type().channels();
          return inside ? from.word(channel, y, x) : from.type().zeroWord();
        });
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return before + after > 0 ? in.getFirst().padded() : in.getFirst().codes();
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
