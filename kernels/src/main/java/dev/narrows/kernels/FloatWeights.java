package dev.narrows.kernels;

import dev.narrows.kernels.floating.FloatMatrix;

/** Float weights of one group of output channels, [channels][K]. Immutable. */
public final class FloatWeights {
  private final FloatMatrix matrix;

  private FloatWeights(FloatMatrix matrix) {
    this.matrix = matrix;
  }

  /**
   * @param values row-major [channels][terms]; copied
   * @throws IllegalArgumentException if the number of values is not channels · terms
   */
  public static FloatWeights of(int channels, int terms, float[] values) {
    return new FloatWeights(FloatMatrix.of(channels, terms, values));
  }

  FloatMatrix matrix() {
    return matrix;
  }

  /** How many output channels there are. */
  public int channels() {
    return matrix.channels();
  }

  /** K. */
  public int terms() {
    return matrix.terms();
  }
}
