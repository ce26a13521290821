package dev.narrows.network;

import java.util.List;

/** Every {@code strideHeight}-th row and {@code strideWidth}-th column, from the first. */
public record Subsample(
    String name, int input, TensorType output, int strideHeight, int strideWidth) implements Layer {
  public Subsample {
    if (strideHeight < 1 || strideWidth < 1) {
      throw new IllegalArgumentException(
          "strides must be at least 1, got %d and %d".formatted(strideHeight, strideWidth));
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return "subsample";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = Checks.only(sources);
    Checks.channels(output, source.channels());
    Checks.size(
        output,
        Math.ceilDiv(source.height(), strideHeight),
        Math.ceilDiv(source.width(), strideWidth));
    Checks.sameKind(source, output);
  }
}
