package dev.narrows.network.weights;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.check.Checks;
import java.util.Arrays;
import java.util.Optional;

/**
 * The real weights of a dot layer, [channels][K] with k running over kernel row, kernel column and
 * input channel of the group.
 *
 * @param values binary32, finite; shared, do not modify
 * @param stored a format in which every value has a code, such as FP8 with a bias of its own
 */
public record FloatDotWeights(
    int channels, int terms, float[] values, Optional<FloatingFormat> stored) {
  public FloatDotWeights {
    Checks.require(channels >= 1, "weights need at least one channel, got %d", channels);
    Checks.require(terms >= 0, "K must not be negative, got %d", terms);
    Checks.require(
        values.length == (long) channels * terms,
        "need %d x %d weights, got %d",
        channels,
        terms,
        values.length);
    Checks.finite("weights", values);
    stored.ifPresent(format -> {
      for (float value : values) {
        Checks.require(
            format.roundToNearestEven(value) == value, "%s has no code in %s", value, format);
      }
    });
  }

  /** Weights in binary32. */
  public FloatDotWeights(int channels, int terms, float[] values) {
    this(channels, terms, values, Optional.empty());
  }

  /** The weights rounded to a format, to nearest even. */
  public FloatDotWeights rounded(FloatingFormat format) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = format.roundToNearestEven(values[i]);
    }
    return new FloatDotWeights(channels, terms, rounded, Optional.of(format));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatDotWeights that
        && channels == that.channels
        && terms == that.terms
        && Arrays.equals(values, that.values)
        && stored.equals(that.stored);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "FloatDotWeights[%d x %d]".formatted(channels, terms);
  }
}
