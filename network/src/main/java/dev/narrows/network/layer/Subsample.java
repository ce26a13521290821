package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Every {@code strideHeight}-th row and {@code strideWidth}-th column, from the first. */
public record Subsample(
    String name, int input, TensorType output, int strideHeight, int strideWidth)
    implements FunctionLayer {
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
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(output, (c, y, x) -> from.word(c, y * strideHeight, x * strideWidth));
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return "subsample";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, source.channels());
    LayerChecks.size(
        output,
        Math.ceilDiv(source.height(), strideHeight),
        Math.ceilDiv(source.width(), strideWidth));
    LayerChecks.sameKind(source, output);
  }
}
