package dev.narrows.core.format;

/**
 * All integers from {@code min} to {@code max}, both included; never empty.
 *
 * @param min smallest value
 * @param max largest value, at least {@code min}
 */
public record IntegerRange(long min, long max) {
  public IntegerRange {
    if (min > max) {
      throw new IllegalArgumentException("range [" + min + ", " + max + "] is empty");
    }
  }

  /** All codes of a format. */
  public static IntegerRange of(IntegerFormat format) {
    return new IntegerRange(format.min(), format.max());
  }

  /** Whether min ≤ value ≤ max. */
  public boolean contains(long value) {
    return min <= value && value <= max;
  }

  /** The range of v − offset for v in this range: what a register sees of stored codes. */
  public IntegerRange minus(long offset) {
    return new IntegerRange(Math.subtractExact(min, offset), Math.subtractExact(max, offset));
  }

  /** The smallest range that holds both. */
  public IntegerRange union(IntegerRange other) {
    return new IntegerRange(Math.min(min, other.min), Math.max(max, other.max));
  }

  @Override
  public String toString() {
    return "[" + min + ", " + max + "]";
  }
}
