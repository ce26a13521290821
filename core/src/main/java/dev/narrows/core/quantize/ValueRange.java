package dev.narrows.core.quantize;

/**
 * The real values from {@code min} to {@code max}.
 *
 * @param min finite
 * @param max finite, at least {@code min}
 */
public record ValueRange(double min, double max) {
  /** What an observer that saw nothing reports. */
  public static final ValueRange ZERO = new ValueRange(0, 0);

  public ValueRange {
    if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      throw new IllegalArgumentException("need finite min <= max, got [" + min + ", " + max + "]");
    }
  }

  /** max(|min|, |max|). */
  public double absMax() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  /** This range, grown to include 0, which every quantiser must represent exactly. */
  public ValueRange withZero() {
    return new ValueRange(Math.min(0, min), Math.max(0, max));
  }
}
