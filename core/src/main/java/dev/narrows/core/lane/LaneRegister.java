package dev.narrows.core.lane;

import dev.narrows.core.format.IntegerRange;

/**
 * One lane of a SIMD register: two's complement or unsigned, and what it does with a sum that it
 * cannot hold.
 *
 * @param bits width, 2 to 64; at most 63 where unsigned
 * @param signed two's complement when true
 * @param saturating clamps when true, else keeps the low bits
 */
public record LaneRegister(int bits, boolean signed, boolean saturating) {
  public LaneRegister {
    if (bits < 2 || bits > (signed ? 64 : 63)) {
      throw new IllegalArgumentException("a lane has 2 to 64 bits, 63 where unsigned, got " + bits);
    }
  }

  /** The least value it can hold. */
  public long min() {
    return signed ? -1L << (bits - 1) : 0;
  }

  /** The greatest value it can hold. */
  public long max() {
    return signed ? ~min() : (1L << bits) - 1;
  }

  /** All values that it can hold. */
  public IntegerRange range() {
    return new IntegerRange(min(), max());
  }

  /** What it holds after a sum is written to it. */
  public long hold(long sum) {
    if (saturating) {
      return Math.clamp(sum, min(), max());
    }
    int unused = 64 - bits;
    return signed ? sum << unused >> unused : sum << unused >>> unused;
  }

  /** The text form, such as {@code i16} or {@code u8s}: s for saturating. */
  @Override
  public String toString() {
    return (signed ? "i" : "u") + bits + (saturating ? "s" : "");
  }

  /** The same for people, such as {@code saturating i16}. */
  public String words() {
    return (saturating ? "saturating " : "wrapping ") + (signed ? "i" : "u") + bits;
  }
}
