package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Each row of the last axis as weights that sum to one: with v = scale·x in binary32 and m = max v,
 * e_s = exp(v_s − m) in binary64 rounded to binary32, then e_s / Σe with the sum in binary64 by
 * ascending s, rounded once to binary32.
 *
 * @param scale what the elements are multiplied with first; finite and positive
 * @param causal row t sees s = 0 … t only, and the rest becomes +0
 */
public record Softmax(String name, int input, TensorType output, float scale, boolean causal)
    implements FloatFunction {
  public Softmax {
    Checks.require(
        scale > 0 && Float.isFinite(scale), "scale must be finite and positive, got %s", scale);
  }

  /**
   * Replaces a row by its weights.
   *
   * @param t the row's number, which says how much of it is seen
   */
  public void apply(float[] row, int t) {
    int seen = causal ? t + 1 : row.length;
    float max = Float.NEGATIVE_INFINITY;
    for (int s = 0; s < seen; s++) {
      row[s] = row[s] * scale;
      max = Math.max(max, row[s]);
    }
    double sum = 0;
    for (int s = 0; s < seen; s++) {
      row[s] = (float) StrictMath.exp((double) row[s] - max);
      sum += row[s];
    }
    for (int s = 0; s < seen; s++) {
      row[s] = (float) (row[s] / sum);
    }
    for (int s = seen; s < row.length; s++) {
      row[s] = 0;
    }
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
          float[] row = new float[output.width()];
          for (int s = 0; s < row.length; s++) {
            row[s] = from.number(c, y, s);
          }
          apply(row, y);
          return Words.of(row[x]);
        });
  }

  @Override
  public String kind() {
    return "softmax";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.sameFloats(sources, output);
    Checks.require(
        !causal || source.height() <= source.width(),
        "a causal mask needs at least as many columns as rows, got %s",
        source.describe());
  }
}
