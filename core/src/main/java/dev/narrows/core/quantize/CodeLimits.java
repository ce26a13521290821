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
}
