package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Element by element one tensor where a condition is not zero, and another one where it is; codes
 * keep their meaning.
 */
public record Choose(String name, int condition, int left, int right, TensorType output)
    implements FunctionLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(condition, left, right);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor chosen = in.get(0);
    int zero = chosen.type().zeroWord();
    boolean numbers = chosen.type().isFloat();
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          int word = chosen.word(c, y, x);
          boolean holds = numbers ? Words.number(word) != 0 : word != zero;
          return in.get(holds ? 1 : 2).word(c, y, x);
        });
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.get(1).codes().union(in.get(2).codes());
  }

  @Override
  public String kind() {
    return "choose";
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.require(sources.size() == 3, "needs three inputs, got %d", sources.size());
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
    }
    LayerChecks.sameKind(sources.get(1), output);
    LayerChecks.sameKind(sources.get(2), output);
  }
}
