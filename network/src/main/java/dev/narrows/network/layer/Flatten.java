package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** [C][H][W] read as C·H·W channels of one position, in that order. */
public record Flatten(String name, int input, TensorType output) implements FunctionLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    return in.getFirst().words().clone();
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return "flatten";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.channels(output, source.elements());
    LayerChecks.size(output, 1, 1);
    LayerChecks.sameKind(source, output);
  }
}
