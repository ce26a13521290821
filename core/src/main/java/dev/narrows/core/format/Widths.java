package dev.narrows.core.format;

/**
 * Widths of two's-complement values: P bits hold [−2^(P−1), 2^(P−1) − 1].
 *
 * <p>The width of a <em>set</em> of values needs no minimum or maximum: fold every value v into v
 * XOR (v &gt;&gt; 63), OR the folds together, and take {@link #ofFold} of the result. Folding maps
 * v and −v−1, the two values that need the same width, to the same non-negative number.
 *
 * @see "docs/accumulators.md, equations (2) to (4)"
 */
public final class Widths {
  private Widths() {}

  /** The smallest P such that P bits hold {@code value}, from 1 (for 0 and −1) to 64. */
  public static int of(long value) {
    return ofFold(fold(value));
  }

  /** The smallest P such that P bits hold both values. */
  public static int of(long low, long high) {
    return ofFold(fold(low) | fold(high));
  }

  /** Maps a value to the non-negative number with the same width: v for v ≥ 0, −v−1 otherwise. */
  public static long fold(long value) {
    return value ^ (value >> 63);
  }

  /** The width of all values whose folds were ORed into {@code folds}: 1 + its bit length. */
  public static int ofFold(long folds) {
    return 65 - Long.numberOfLeadingZeros(folds);
  }

  /** The smallest value of P bits, −2^(P−1); P from 1 to 64. */
  public static long min(int bits) {
    return -1L << (bits - 1);
  }

  /** The largest value of P bits, 2^(P−1) − 1; P from 1 to 64. */
  public static long max(int bits) {
    return ~min(bits);
  }
}
