package dev.narrows.core.accumulator;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happens to the sum of a dot product: a register that absorbs integer terms one by one
 * ({@link IntegerAccumulator}), two such registers of which the narrow one hands over to the wide
 * one ({@link Spilling}), a finish of their exact sum ({@link Resolved}), or a register for float
 * operands ({@link FloatAccumulator}).
 */
public sealed interface Accumulator
    permits IntegerAccumulator, Spilling, Resolved, FloatAccumulator {
  /**
   * The widest integer register that can be asked for; {@link Exact} is 64 bits wide and checked.
   */
  int MAX_BITS = 62;

  /** P, the width of the register in bits, sign included. */
  int bits();

  /** The width of the register that a sum is read from; that of the only one by default. */
  default int resultBits() {
    return bits();
  }

  /**
   * The same policy in a register of another width; {@link Exact} has but one.
   *
   * @throws IllegalArgumentException if there is no such register
   */
  Accumulator withBits(int bits);

  /** Whether it sums the products of integer operands. */
  boolean takesIntegers();

  /** Whether it sums the products of float operands. */
  boolean takesFloats();

  /**
   * The number of consecutive terms that it adds from zero where nothing else is said, before chunk
   * sums are added; empty, the default: all of them.
   */
  default OptionalInt chunk() {
    return OptionalInt.empty();
  }

  /** Whether it adds several terms at once; false by default. */
  default boolean takesGroups() {
    return false;
  }

  /**
   * Why the chunk sums of this register are not added in an integer register of another width;
   * empty if they may be.
   */
  default Optional<String> noOuterRegister() {
    return Optional.of(this + " adds chunk results in itself and takes no outer register");
  }

  /**
   * Why no lanes of a SIMD kernel come before this register; empty if they may. By default only
   * registers that hardware has take the sums of others.
   */
  default Optional<String> noLanes() {
    return Optional.of(
        this + " has no lanes before it: a register that wraps around or saturates has");
  }

  /**
   * Whether a dot product is sure to end at its exact sum, whatever its terms.
   *
   * @param finalBits width of the exact final sum
   * @param pathBits width of the widest exact write of the order, at least {@code finalBits}
   * @return false, the default, where that is not known
   */
  default boolean endsExact(int finalBits, int pathBits) {
    return false;
  }

  /**
   * Whether a dot product ends at the exact sum clamped to [−2^(P−1), 2^(P−1) − 1].
   *
   * @param neverTransient whether the order is known to make no transient dot product here
   * @return false, the default, where that is not known
   */
  default boolean clampsExactSum(boolean neverTransient) {
    return false;
  }

  /**
   * Whether every order of the same terms gives the same value, without an outer register; false,
   * the default, where that is not proven.
   */
  default boolean orderFree() {
    return false;
  }

  /** Whether hardware could work like this; a measure of what is possible says no. */
  default boolean buildable() {
    return true;
  }

  /** The text form, such as {@code int12:saturate}: what a {@code Summation} begins with. */
  @Override
  String toString();

  /**
   * The text form without its width, such as {@code saturate}: what registers of several widths
   * have in common.
   */
  default String policy() {
    return toString();
  }

  /** The policy as a phrase for people, such as {@code wrap-around}; by default its text. */
  default String policyInWords() {
    return policy();
  }

  /** Rejects widths that no integer register here can have. */
  static void requireWidth(int bits) {
    if (bits < 2 || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "accumulator width must be in [2, " + MAX_BITS + "] bits, got " + bits);
    }
  }
}
