package dev.narrows.core.dot;

import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * A register as an order uses it. Every value that is loaded or comes of an addition is a write,
 * and is noted.
 *
 * @see "docs/accumulators.md, Writes and classes"
 */
public interface RegisterWrites {
  /** What the register holds after {@code preload} was loaded. */
  long load(long preload);

  /** What a register that holds {@code held} holds after a term is added. */
  long add(long held, long term);

  /** What a register that holds {@code start} holds after all terms, in the order of the array. */
  long sequence(long[] terms, long start);

  /**
   * Cuts the terms into parts of {@code size} by index, sums each from zero, then the sums of the
   * parts, in sequence.
   *
   * @param preparation what is made of the terms of a part before they are summed
   */
  long parts(long[] terms, int size, long preload, UnaryOperator<long[]> preparation);

  /**
   * Parts in this register, their sums in one of the same policy with {@code outerBits} bits, which
   * holds the preload.
   */
  long partsInto(int outerBits, long[] terms, int size, long preload);

  /**
   * The sorting rounds of PQS: drop zeros; positives descending, negatives most negative first; add
   * them pairwise, in the register; append the unpaired rest.
   *
   * @param rounds how often; empty: until one sign remains
   */
  long[] pairUp(long[] terms, OptionalInt rounds);
}
