package dev.narrows.core.accumulator;

/**
 * What happens to the sum of a dot product: a register that absorbs terms one by one ({@link
 * IntegerAccumulator}), or a finish of the exact sum ({@link Resolved}).
 */
public sealed interface Accumulator permits IntegerAccumulator, Resolved {
  /** The widest register that can be asked for; {@link Exact} is 64 bits wide and checked. */
  int MAX_BITS = 62;

  /** P, the width of the register in bits, sign included. */
  int bits();

  /** The same policy in a register of another width; {@link Exact} has but one. */
  Accumulator withBits(int bits);

  /** Rejects widths that no integer register here can have. */
  static void requireWidth(int bits) {
    if (bits < 2 || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "accumulator width must be in [2, " + MAX_BITS + "] bits, got " + bits);
    }
  }
}
