package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * The largest or smallest element along some axes, of codes or real numbers; codes keep their
 * meaning. Of real numbers the first in {@link Span}'s order that no later one exceeds; NaN counts
 * only where there is nothing else.
 *
 * @param least the smallest, not the largest
 */
public record Extremum(String name, int input, TensorType output, Span over, boolean least)
    implements FunctionLayer {
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
          int[] places = over.places(from.type(), c, y, x);
          int best = from.words()[places[0]];
          for (int place : places) {
            if (exceeds(from.type(), from.words()[place], best, least)) {
              best = from.words()[place];
            }
          }
          return best;
        });
  }

  /** Whether a word stands for more than another, or for less. */
  static boolean exceeds(TensorType type, int word, int other, boolean least) {
    if (!type.isFloat()) {
      return least ? word < other : word > other;
    }
    float number = Words.number(word);
    float rest = Words.number(other);
    return Float.isNaN(rest) && !Float.isNaN(number) || (least ? number < rest : number > rest);
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return least ? "smallest" : "largest";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameKind(source, output);
    LayerChecks.sameShape(over.of(source), output);
  }
}
