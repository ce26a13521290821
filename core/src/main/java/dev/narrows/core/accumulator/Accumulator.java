package dev.narrows.core.accumulator;

/**
 * What happens to the sum of a dot product: a register that absorbs integer terms one by one
 * ({@link IntegerAccumulator}), a finish of their exact sum ({@link Resolved}), or a register for
 * float operands ({@link FloatingAccumulator}).
 */
public sealed interface Accumulator permits IntegerAccumulator, Resolved, FloatingAccumulator {
  /**
   * The widest integer register that can be asked for; {@link Exact} is 64 bits wide and checked.
   */
  int MAX_BITS = 62;

  /** P, the width of the register in bits, sign included. */
  int bits();

  /**
   * The same policy in a register of another width; {@link Exact} has but one.
   *
   * @throws IllegalArgumentException if there is no such register
   */
  Accumulator withBits(int bits);

  /** Rejects widths that no integer register here can have. */
  static void requireWidth(int bits) {
    if (bits < 2 || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "accumulator width must be in [2, " + MAX_BITS + "] bits, got " + bits);
    }
  }
}
