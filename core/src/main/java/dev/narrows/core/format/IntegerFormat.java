package dev.narrows.core.format;

/**
 * A plain integer type of activations or weights: {@code bits} from 1 to 32, signed or unsigned.
 *
 * @param bits width, sign bit included when signed
 * @param signed two's complement when true
 */
public record IntegerFormat(int bits, boolean signed) {
  public IntegerFormat {
    if (bits < 1 || bits > 32) {
      throw new IllegalArgumentException("integer width must be in [1, 32] bits, got " + bits);
    }
  }

  /** Two's complement of 1 to 32 bits. */
  public static IntegerFormat signed(int bits) {
    return new IntegerFormat(bits, true);
  }

  /** Codes from 0 on, of 1 to 32 bits. */
  public static IntegerFormat unsigned(int bits) {
    return new IntegerFormat(bits, false);
  }

  /** The smallest code. */
  public long min() {
    return signed ? Widths.min(bits) : 0;
  }

  /** The largest code. */
  public long max() {
    return signed ? Widths.max(bits) : (1L << bits) - 1;
  }

  /** {@code value} moved to the nearest code. */
  public long clamp(long value) {
    return Math.clamp(value, min(), max());
  }

  /** The smallest format that holds every value of [low, high]; unsigned when none is negative. */
  public static IntegerFormat holding(long low, long high) {
    return low >= 0
        ? unsigned(Math.max(1, 64 - Long.numberOfLeadingZeros(high)))
        : signed(Widths.of(low, high));
  }

  @Override
  public String toString() {
    return (signed ? "int" : "uint") + bits;
  }
}
