package dev.narrows.network;

import java.util.Arrays;

/**
 * The real weights of a dot layer, [channels][K] with k running over kernel row, kernel column and
 * input channel of the group.
 *
 * @param values binary32, finite; shared, do not modify
 */
public record RealWeights(int channels, int terms, float[] values) {
  public RealWeights {
    Checks.require(channels >= 1, "weights need at least one channel, got %d", channels);
    Checks.require(terms >= 0, "K must not be negative, got %d", terms);
    Checks.require(
        values.length == (long) channels * terms,
        "need %d x %d weights, got %d",
        channels,
        terms,
        values.length);
    Checks.finite("weights", values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RealWeights that
        && channels == that.channels
        && terms == that.terms
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "RealWeights[%d x %d]".formatted(channels, terms);
  }
}
