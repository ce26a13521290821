package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Where along an axis the largest or smallest element is: the index of the first such, or the last,
 * as a code of scale 1.
 *
 * @param over one axis
 * @param least the smallest, not the largest
 * @param last of several that are equal the last, not the first
 */
public record ExtremumIndex(
    String name, int input, TensorType output, Span over, boolean least, boolean last)
    implements FunctionLayer {
  public ExtremumIndex {
    Checks.require(over.axes().length == 1, "an index is along one axis, got %s", over);
  }

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
          int best = 0;
          for (int i = 1; i < places.length; i++) {
            int word = from.words()[places[i]];
            int other = from.words()[places[best]];
            boolean behind =
                last
                    ? !Extremum.exceeds(from.type(), other, word, least)
                    : Extremum.exceeds(from.type(), word, other, least);
            best = behind ? i : best;
          }
          return best;
        });
  }

  @Override
  public String kind() {
    return least ? "smallestIndex" : "largestIndex";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(over.of(source), output);
    Quantization codes = output.quantization();
    Checks.require(
        codes.scale() == 1 && codes.zeroPoint() == 0,
        "an index must have scale 1 and zero point 0, got %s",
        codes);
    LayerChecks.range(output, 0, over.count(source) - 1);
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return new IntegerRange(0, over.count(in.getFirst().type()) - 1);
  }
}
