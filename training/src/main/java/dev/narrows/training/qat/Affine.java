package dev.narrows.training.qat;

import dev.narrows.training.model.Node.DotNode;
import java.util.function.Function;

/**
 * What follows a dot layer's sums in evaluation, per channel: slope · sum + offset, where batch
 * norm with running statistics gives slope γ/√(σ² + ε) and offset β − μ · slope, and a bias slope
 * 1.
 *
 * @see "docs/training.md, equation (6)"
 */
public record Affine(double[] slope, double[] offset) {
  /**
   * Folds the layer's batch norm or bias.
   *
   * @param arrays a model's arrays by name
   */
  public static Affine of(DotNode dot, Function<String, float[]> arrays) {
    int channels = dot.outputChannels();
    double[] slope = new double[channels];
    double[] offset = new double[channels];
    if (dot.norm().isEmpty()) {
      float[] bias = arrays.apply(dot.name() + ".bias");
      for (int c = 0; c < channels; c++) {
        slope[c] = 1;
        offset[c] = bias[c];
      }
      return new Affine(slope, offset);
    }
    String norm = dot.norm().get();
    float[] gamma = arrays.apply(norm + ".weight");
    float[] beta = arrays.apply(norm + ".bias");
    float[] mean = arrays.apply(norm + ".running_mean");
    float[] variance = arrays.apply(norm + ".running_var");
    for (int c = 0; c < channels; c++) {
      slope[c] = gamma[c] / Math.sqrt(variance[c] + FoldedDot.NORM_EPSILON);
      offset[c] = beta[c] - slope[c] * mean[c];
    }
    return new Affine(slope, offset);
  }

  /** The slopes, rounded to binary32. */
  public float[] slopes() {
    return floats(slope);
  }

  /** The offsets, rounded to binary32. */
  public float[] offsets() {
    return floats(offset);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
