package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.util.List;

/**
 * A two-dimensional convolution. Output channel c belongs to group c / (channels / groups) and
 * reads only that group's input channels; groups = input channels is a depthwise convolution.
 *
 * <p>Padding contributes the code of real zero, the input's zero point.
 */
public record Convolution(
    String name, int input, TensorType output, Window window, int groups, Operands operands)
    implements DotLayer {
  public Convolution {
    LayerChecks.groups(output, groups, operands);
  }

  @Override
  public String kind() {
    // K = taps alone says that a group has one input channel
    return groups > 1 && terms() == window.taps() ? "depthwiseConv2d" : "conv2d";
  }

  @Override
  public Convolution withOperands(Operands other) {
    return new Convolution(name, input, output, window, groups, other);
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.terms(source, window, groups, operands);
    LayerChecks.size(
        output, window.outputHeight(source.height()), window.outputWidth(source.width()));
  }
}
