package dev.narrows.kernels.floating;

/** Float weights of one group of output channels, [channels][K]. Immutable. */
public final class FloatMatrix {
  private final int channels;
  private final int terms;
  private final float[] values;
  private final boolean finite;

  private FloatMatrix(int channels, int terms, float[] values) {
    this.channels = channels;
    this.terms = terms;
    this.values = values;
    boolean all = true;
    for (float value : values) {
      all &= Float.isFinite(value);
    }
    this.finite = all;
  }

  /**
   * @param values row-major [channels][terms]; copied
   * @throws IllegalArgumentException if the number of values is not channels · terms
   */
  public static FloatMatrix of(int channels, int terms, float[] values) {
    if (channels < 0 || terms < 0 || (long) channels * terms != values.length) {
      throw new IllegalArgumentException(
          "weights of %d channels with %d terms each need as many values, got %d"
              .formatted(channels, terms, values.length));
    }
    return new FloatMatrix(channels, terms, values.clone());
  }

  /** How many rows of weights there are. */
  public int channels() {
    return channels;
  }

  /** K. */
  public int terms() {
    return terms;
  }

  /** Row-major [channels][K]; not to be changed. */
  float[] values() {
    return values;
  }

  /** Whether no weight is infinite or not a number. */
  boolean finite() {
    return finite;
  }

  /** Every channel from its last term to its first. */
  float[] reversed() {
    float[] reversed = new float[values.length];
    for (int c = 0; c < channels; c++) {
      for (int k = 0; k < terms; k++) {
        reversed[c * terms + k] = values[(c + 1) * terms - 1 - k];
      }
    }
    return reversed;
  }
}
