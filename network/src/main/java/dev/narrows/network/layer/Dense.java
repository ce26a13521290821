package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.util.List;

/** A fully connected layer: input and output are 1×1 in space, K = input channels. */
public record Dense(String name, int input, TensorType output, Operands operands)
    implements DotLayer {
  public Dense {
    LayerChecks.groups(output, 1, operands);
    LayerChecks.size(output, 1, 1);
  }

  @Override
  public String kind() {
    return "dense";
  }

  @Override
  public int groups() {
    return 1;
  }

  @Override
  public Window window() {
    return Window.point();
  }

  @Override
  public Dense withOperands(Operands other) {
    return new Dense(name, input, output, other);
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    if (source.positions() != 1) {
      throw new IllegalArgumentException(
          "a dense layer reads a 1x1 tensor (flatten first), got " + source.describe());
    }
    LayerChecks.terms(source, window(), 1, operands);
  }
}
