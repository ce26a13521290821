package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Elements taken by indices that are activations: out[c][y][x] = data[c][index[c][y][x]][x]. Data
 * keep their meaning.
 *
 * @param data [C][rows][W]
 * @param indices [C][H][W], codes of scale 1 and zero point 0; negative ones count from the last
 *     row, and a run refuses one that has no row
 */
public record TakeAlong(String name, int data, int indices, TensorType output)
    implements FunctionLayer {
  @Override
  public List<Integer> inputs() {
    return List.of(data, indices);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.get(0);
    int rows = from.type().height();
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          int index = in.get(1).word(c, y, x);
          Checks.require(
              index >= -rows && index < rows,
              "layer \"%s\": indices are %d to %d, got %d",
              name,
              -rows,
              rows - 1,
              index);
          return from.word(c, index < 0 ? index + rows : index, x);
        });
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return in.getFirst().codes();
  }

  @Override
  public String kind() {
    return "takeAlong";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    TensorType from = sources.get(0);
    LayerChecks.sameKind(from, output);
    LayerChecks.integers(sources.get(1));
    LayerChecks.sameShape(sources.get(1), output);
    LayerChecks.channels(output, from.channels());
    LayerChecks.size(output, output.height(), from.width());
  }
}
