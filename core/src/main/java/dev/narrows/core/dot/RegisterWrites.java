package dev.narrows.core.dot;

import dev.narrows.core.lane.LaneReduction;
import java.util.Arrays;
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
  default long sequence(long[] terms, long start) {
    long held = start;
    for (long term : terms) {
      held = add(held, term);
    }
    return held;
  }

  /**
   * Cuts the terms into parts of {@code size} by index, sums each from zero, then the sums of the
   * parts, in sequence.
   *
   * @param preparation what is made of the terms of a part before they are summed
   */
  default long parts(long[] terms, int size, long preload, UnaryOperator<long[]> preparation) {
    long total = load(preload);
    for (long start = 0; start < terms.length; start += size) {
      total = add(total, sequence(preparation.apply(part(terms, start, size)), 0));
    }
    return total;
  }

  /** The terms from {@code start} on, {@code size} of them or as many as there are. */
  static long[] part(long[] terms, long start, int size) {
    return Arrays.copyOfRange(terms, (int) start, (int) Math.min(terms.length, start + size));
  }

  /**
   * Parts in this register, their sums in one of the same policy with {@code outerBits} bits, which
   * holds the preload.
   */
  long partsInto(int outerBits, long[] terms, int size, long preload);

  /**
   * Passes the terms through the lanes of a SIMD kernel, then adds what they hand over in this
   * register, in sequence. Where this register is exact the lanes are too, and a lane that could
   * not hold its sum is noted.
   */
  long lanes(LaneReduction reduction, long[] terms, long preload);

  /**
   * The sorting rounds of PQS: drop zeros; positives descending, negatives most negative first; add
   * them pairwise, in the register; append the unpaired rest.
   *
   * @param rounds how often; empty: until one sign remains
   */
  default long[] pairUp(long[] terms, OptionalInt rounds) {
    long[] left = terms;
    for (long round = 0; rounds.isEmpty() || round < rounds.getAsInt(); round++) {
      long[] positive = Arrays.stream(left).filter(t -> t > 0).map(t -> -t).sorted().toArray();
      long[] negative = Arrays.stream(left).filter(t -> t < 0).sorted().toArray();
      int pairs = Math.min(positive.length, negative.length);
      if (pairs == 0) {
        return left; // one sign remains: from here every order gives the same writes and value
      }
      long[] next = new long[Math.max(positive.length, negative.length)];
      for (int i = 0; i < next.length; i++) {
        next[i] =
            i < pairs
                ? add(-positive[i], negative[i])
                : i < positive.length ? -positive[i] : negative[i];
      }
      left = next;
    }
    return left;
  }
}
