package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.stream.IntStream;

/**
 * Terms that an instruction adds two by two in a narrow register before a wide one takes the sum.
 *
 * <p>Blocks of 2 · {@code distance} consecutive terms hold {@code distance} pairs: term k and term
 * k + distance. At distance 1 these are the pairs (2j, 2j + 1). What has no partner is paired with
 * zero.
 *
 * @param distance from a term to its partner, at least 1
 * @param bits of the register that holds a pair's sum
 */
public record PairedTerms(int distance, int bits) {
  public PairedTerms {
    if (distance < 1 || bits < 2 || bits > 62) {
      throw new IllegalArgumentException(
          "need distance >= 1 and 2 to 62 bits, got %d and %d".formatted(distance, bits));
    }
  }

  /** The first terms of all pairs of a dot product of {@code terms} terms, ascending. */
  public IntStream pairs(int terms) {
    return IntStream.range(0, terms).filter(k -> k / distance % 2 == 0);
  }

  /**
   * All sums that a pair of weights can have: x₀·q₀ + x₁·q₁ with both x in [a, b] is greatest where
   * each product is, and they do not depend on each other.
   *
   * <pre>hi = max(q₀·a, q₀·b) + max(q₁·a, q₁·b),  lo = min(q₀·a, q₀·b) + min(q₁·a, q₁·b)</pre>
   *
   * <p>For u8 inputs, [0, 255], and 16 bits that is: the positive weights of the pair sum to at
   * most 128 and the negative ones to at least −128, since 255 · 128 = 32640. (Derived here;
   * checked by trying all values of every pair of a network made by others.)
   *
   * @param second 0 where the term has no partner
   */
  public static IntegerRange sums(long first, long second, IntegerRange inputs) {
    long a = inputs.min();
    long b = inputs.max();
    return new IntegerRange(
        Math.min(first * a, first * b) + Math.min(second * a, second * b),
        Math.max(first * a, first * b) + Math.max(second * a, second * b));
  }

  /** The weight that a term's partner has in a channel; 0 if there is none. */
  public int partner(int[] weights, int first) {
    return first + distance < weights.length ? weights[first + distance] : 0;
  }

  /** The first terms of the pairs whose sum leaves the register for some inputs in [a, b]. */
  public int[] unsafe(int[] weights, IntegerRange inputs) {
    return pairs(weights.length)
        .filter(k -> !fits(sums(weights[k], partner(weights, k), inputs)))
        .toArray();
  }

  private boolean fits(IntegerRange sums) {
    return Widths.of(sums.min(), sums.max()) <= bits;
  }
}
