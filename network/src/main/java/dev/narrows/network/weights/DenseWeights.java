package dev.narrows.network.weights;

import dev.narrows.network.check.Checks;
import java.util.Arrays;

/**
 * Weights stored with their zeros.
 *
 * @param values [channels][terms]
 */
public record DenseWeights(int channels, int terms, int bits, double[] scales, int[] values)
    implements DotWeights {
  public DenseWeights {
    DotWeights.check(channels, terms, bits, scales, values);
    Checks.require(
        values.length == channels * terms,
        "need %d x %d weights, got %d",
        channels,
        terms,
        values.length);
  }

  @Override
  public int[] dense() {
    return values;
  }

  @Override
  public void forEachNonZero(int channel, TermAction action) {
    for (int k = 0; k < terms; k++) {
      int value = values[channel * terms + k];
      if (value != 0) {
        action.accept(k, value);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DenseWeights that
        && channels == that.channels
        && terms == that.terms
        && bits == that.bits
        && Arrays.equals(scales, that.scales)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(scales);
  }

  @Override
  public String toString() {
    return "DenseWeights[%d x %d, %d bits]".formatted(channels, terms, bits);
  }
}
