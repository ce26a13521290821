package dev.narrows.network;

import java.util.List;

/** A fully connected layer: input and output are 1×1 in space, K = input channels. */
public record Dense(String name, int input, TensorType output, Operands operands)
    implements DotLayer {
  public Dense {
    Checks.groups(output, 1, operands);
    Checks.size(output, 1, 1);
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
    TensorType source = Checks.only(sources);
    if (source.positions() != 1) {
      throw new IllegalArgumentException(
          "a dense layer reads a 1x1 tensor (flatten first), got " + source.describe());
    }
    Checks.terms(source, window(), 1, operands);
  }
}
