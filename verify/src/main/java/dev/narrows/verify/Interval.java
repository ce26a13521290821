package dev.narrows.verify;

import dev.narrows.core.format.IntegerFormat;

/** All integers from {@code min} to {@code max}. The checker's own, like all its arithmetic. */
record Interval(long min, long max) {
  static Interval of(IntegerFormat format) {
    return new Interval(format.min(), format.max());
  }

  Interval with(long value) {
    return new Interval(Math.min(min, value), Math.max(max, value));
  }

  Interval with(Interval other) {
    return new Interval(Math.min(min, other.min), Math.max(max, other.max));
  }

  Interval minus(long offset) {
    return new Interval(min - offset, max - offset);
  }

  /** The sums of both ends. */
  Interval plus(Interval other) {
    return new Interval(Math.addExact(min, other.min), Math.addExact(max, other.max));
  }

  /** Both ends times a power of two; ends beyond 64 bits stop there, and so stay beyond 32. */
  Interval shifted(int bits) {
    return new Interval(shifted(min, bits), shifted(max, bits));
  }

  private static long shifted(long value, int bits) {
    return bits(value) + bits <= Long.SIZE
        ? value << bits
        : value < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /** The products of a value of each; the ends have at most 32 bits. */
  Interval times(Interval other) {
    return new Interval(min * other.min, min * other.min)
        .with(min * other.max)
        .with(max * other.min)
        .with(max * other.max);
  }

  boolean holds(Interval other) {
    return min <= other.min && other.max <= max;
  }

  boolean holds(long value) {
    return min <= value && value <= max;
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
