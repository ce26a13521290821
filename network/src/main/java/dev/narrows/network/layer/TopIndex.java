package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of the largest elements of each column, the largest first; of equal ones the earlier row
 * first. {@link TakeAlong} takes the elements themselves.
 *
 * @param input [C][rows][W], codes or real numbers; of those NaN comes last
 * @param output [C][k][W], k at most rows: codes of scale 1 and zero point 0
 */
public record TopIndex(String name, int input, TensorType output) implements FunctionLayer {
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
        List<Integer> order = order(from, c, x);
        for (int y = 0; y < output.height(); y++) {
          made[output.at(c, y, x)] = order.get(y);
        }
      }
    }
    return made;
  }

  private static List<Integer> order(ImageTensor from, int c, int x) {
    TensorType type = from.type();
    List<Integer> rows = new ArrayList<>(IntStream.range(0, type.height()).boxed().toList());
    Comparator<Integer> larger =
        (a, b) -> {
          int word = from.word(c, a, x);
          int other = from.word(c, b, x);
          boolean before = Extremum.exceeds(type, word, other, false);
          return before ? -1 : Extremum.exceeds(type, other, word, false) ? 1 : 0;
        };
    rows.sort(larger); // a stable sort: of equal ones the earlier first
    return rows;
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return new IntegerRange(0, in.getFirst().type().height() - 1);
  }

  @Override
  public String kind() {
    return "topIndex";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.integers(output);
    LayerChecks.channels(output, source.channels());
    LayerChecks.size(output, output.height(), source.width());
    Checks.require(
        output.height() <= source.height(),
        "takes %d of %d rows",
        output.height(),
        source.height());
    LayerChecks.range(output, 0, source.height() - 1);
  }
}
