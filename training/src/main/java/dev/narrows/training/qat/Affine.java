package dev.narrows.training.qat;

import dev.narrows.training.model.BatchNorm;
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
    if (dot.norm().isEmpty()) {
      float[] bias = arrays.apply(dot.name() + ".bias");
      double[] slope = new double[bias.length];
      double[] offset = new double[bias.length];
      for (int c = 0; c < slope.length; c++) {
        slope[c] = 1;
        offset[c] = bias[c];
      }
      return new Affine(slope, offset);
    }
    return of(dot.norm().get(), arrays);
  }

  /** Folds a batch norm with its running statistics. */
  public static Affine of(BatchNorm norm, Function<String, float[]> arrays) {
    float[] gamma = arrays.apply(norm.scale());
    float[] beta = arrays.apply(norm.shift());
    float[] mean = arrays.apply(norm.mean());
    float[] variance = arrays.apply(norm.variance());
    double[] slope = new double[gamma.length];
    double[] offset = new double[gamma.length];
    for (int c = 0; c < slope.length; c++) {
      slope[c] = gamma[c] / Math.sqrt(variance[c] + norm.epsilon());
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
