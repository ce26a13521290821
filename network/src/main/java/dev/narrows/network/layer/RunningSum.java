package dev.narrows.network.layer;

import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Each element and all before it in its column added up, row by row from 0 on: of real numbers each
 * step in binary32, of integers with high bits cut.
 *
 * @param exclusive without the element itself
 * @param reverse from the last row on, with those behind it
 */
public record RunningSum(
    String name, int input, TensorType output, boolean exclusive, boolean reverse)
    implements FunctionLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    int[] made = new int[output.elements()];
    for (int c = 0; c < output.channels(); c++) {
      for (int x = 0; x < output.width(); x++) {
        int sum = Words.ZERO;
        for (int i = 0; i < output.height(); i++) {
          int y = reverse ? output.height() - 1 - i : i;
          int next = sum(sum, from.word(c, y, x));
          made[output.at(c, y, x)] = exclusive ? sum : next;
          sum = next;
        }
      }
    }
    return made;
  }

  private int sum(int left, int right) {
    return output.isFloat()
        ? Words.canonical(Words.number(left) + Words.number(right))
        : IntegerFunction.held((long) left + right, output.quantization().format(), false);
  }

  @Override
  public String kind() {
    return "runningSum";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameKind(source, output);
    LayerChecks.sameShape(source, output);
    if (!source.isFloat()) {
      LayerChecks.integers(source);
    }
  }
}
