package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Mixtures along the rows, by weights that are always the same: what resizing does along an axis.
 * out[c][y][x] = Σ_t weights[y][t] · in[c][rows[y][t]][x] by ascending t.
 *
 * @param rows [H][taps], of the input
 * @param weights [H][taps], finite
 * @param wide each step is in binary64, and the result is rounded once; else each in binary32
 */
public record Blend(
    String name, int input, TensorType output, int taps, int[] rows, float[] weights, boolean wide)
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

  /** Sums in binary64. */
  public Blend(String name, int input, TensorType output, int taps, int[] rows, float[] weights) {
    this(name, input, output, taps, rows, weights, true);
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
          int at = y * taps;
          double sum = product(at, from.number(c, rows[at], x));
          for (int i = at + 1; i < at + taps; i++) {
            double next = sum + product(i, from.number(c, rows[i], x));
            sum = wide ? next : (float) next; // rounded twice is rounded once: 53 ≥ 2 · 24 + 2
          }
          return Words.of((float) sum);
        });
  }

  private double product(int tap, float number) {
    return wide ? (double) weights[tap] * number : weights[tap] * number;
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
        && wide == that.wide
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(weights);
  }
}
