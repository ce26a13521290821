package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Mixtures along the rows, by weights that are always the same: what resizing does along an axis.
 * out[c][y][x] = Σ_t weights[y][t] · in[c][rows[y][t]][x], each step in binary64 by ascending t,
 * rounded once.
 *
 * @param rows [H][taps], of the input
 * @param weights [H][taps], finite
 */
public record Blend(
    String name, int input, TensorType output, int taps, int[] rows, float[] weights)
    implements FloatFunction {
  public Blend {
    long count = (long) output.height() * taps;
    Checks.require(taps >= 1, "needs at least one tap, got %d", taps);
    Checks.require(
        rows.length == count && weights.length == count,
        "need %d rows and weights, got %d and %d",
        count,
        rows.length,
        weights.length);
    Checks.finite("weights", weights);
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
          double sum = 0;
          for (int i = y * taps; i < (y + 1) * taps; i++) {
            sum += (double) weights[i] * from.number(c, rows[i], x);
          }
          return Words.of((float) sum);
        });
  }

  @Override
  public String kind() {
    return "blend";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.floats(output);
    LayerChecks.channels(output, source.channels());
    LayerChecks.size(output, output.height(), source.width());
    for (int row : rows) {
      Checks.require(
          row >= 0 && row < source.height(),
          "rows must be in [0, %d], got %d",
          source.height() - 1,
          row);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blend that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && taps == that.taps
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(weights);
  }
}
