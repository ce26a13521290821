package dev.narrows.core.quantize;

/** Checks shared by the forms of requantisation. */
final class CodeLimits {
  private CodeLimits() {}

  static void require(int min, int max) {
    if (min > max) {
      throw new IllegalArgumentException(
          "smallest output code %d is above the largest, %d".formatted(min, max));
    }
  }

  /** Names a scale as it was given: binary32 and binary64 print differently. */
  static void requireScale(int channel, Number scale) {
    if (!(scale.doubleValue() >= 0) || Double.isInfinite(scale.doubleValue())) {
      throw new IllegalArgumentException(
          "channel %d: scale must be finite and not negative, got %s".formatted(channel, scale));
    }
  }

  static void requirePairs(int[] multipliers, int[] shifts) {
    if (multipliers.length == 0 || multipliers.length != shifts.length) {
      throw new IllegalArgumentException(
          "need as many multipliers as shifts and at least one, got %d and %d"
              .formatted(multipliers.length, shifts.length));
    }
  }
}
