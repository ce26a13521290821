package dev.narrows.verify;

import dev.narrows.core.format.IntegerFormat;

/** All integers from {@code min} to {@code max}. The checker's own, like all its arithmetic. */
record CodeInterval(long min, long max) {
  static CodeInterval of(IntegerFormat format) {
    return new CodeInterval(format.min(), format.max());
  }

  CodeInterval with(long value) {
    return new CodeInterval(Math.min(min, value), Math.max(max, value));
  }

  CodeInterval with(CodeInterval other) {
    return new CodeInterval(Math.min(min, other.min), Math.max(max, other.max));
  }

  CodeInterval minus(long offset) {
    return new CodeInterval(min - offset, max - offset);
  }

  /** The sums of both ends. */
  CodeInterval plus(CodeInterval other) {
    return new CodeInterval(Math.addExact(min, other.min), Math.addExact(max, other.max));
  }

  /** Both ends times a power of two; ends beyond 64 bits stop there, and so stay beyond 32. */
  CodeInterval shifted(int bits) {
    return new CodeInterval(shifted(min, bits), shifted(max, bits));
  }

  private static long shifted(long value, int bits) {
    long end = value < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    return bits(value) + bits <= Long.SIZE ? value << bits : end;
  }

  /** The products of a value of each; the ends have at most 32 bits. */
  CodeInterval times(CodeInterval other) {
    return new CodeInterval(min * other.min, min * other.min)
        .with(min * other.max)
        .with(max * other.min)
        .with(max * other.max);
  }

  boolean holds(CodeInterval other) {
    return min <= other.min && other.max <= max;
  }

  boolean holds(long value) {
    return min <= value && value <= max;
  }

  /** Whether 32 bits hold both ends. */
  boolean fitsWord() {
    return bits() <= Integer.SIZE;
  }

  /** The width of both ends in two's complement. */
  int bits() {
    return Math.max(bits(min), bits(max));
  }

  /** The smallest P with −2^(P−1) ≤ value ≤ 2^(P−1) − 1. */
  static int bits(long value) {
    int bits = 1;
    for (long rest = value; rest != 0 && rest != -1; rest >>= 1) {
      bits++;
    }
    return bits;
  }

  @Override
  public String toString() {
    return "[" + min + ", " + max + "]";
  }
}
