package dev.narrows.core.prune;

/** Checks on the weights that every pruner is given. */
final class WeightChecks {
  private WeightChecks() {}

  /** Rejects a length other than C·K, and values that have no magnitude to compare. */
  static void require(float[] weights, int channels, int terms) {
    if (channels < 0 || terms < 0 || weights.length != (long) channels * terms) {
      throw new IllegalArgumentException(
          "%d weights are not %d channels of %d terms".formatted(weights.length, channels, terms));
    }
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "channel %d, term %d: weight must be finite, got %s"
                .formatted(i / terms, i % terms, weights[i]));
      }
    }
  }
}
