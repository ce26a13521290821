package dev.narrows.core.bound;

import java.util.Arrays;

/**
 * Which terms of a channel meet inputs together. Each dot product belongs to one phase: its terms
 * multiply inputs in [a, b], those of other phases real zero. In a transposed convolution of stride
 * s the phases are the s² places of an output inside its stride; everywhere else there is one.
 *
 * @param of the phase of each term, [K], from 0 to {@code count} − 1, or −1 for a term that never
 *     meets an input; empty where all terms are of phase 0; shared, not copied
 * @param count number of phases, at least 1
 * @param rest what the register sees of real zero, in [a, b]
 */
public record TapPhases(int[] of, int count, long rest) {
  private static final TapPhases ONE = new TapPhases(new int[0], 1, 0);

  public TapPhases {
    if (count < 1 || Arrays.stream(of).anyMatch(phase -> phase < -1 || phase >= count)) {
      throw new IllegalArgumentException(
          "need phases from -1 to %d and at least one".formatted(count - 1));
    }
  }

  /** All terms meet inputs together. */
  public static TapPhases one() {
    return ONE;
  }

  /** The phase of a term; −1 if it never meets an input. */
  public int phase(int term) {
    return of.length == 0 ? 0 : of[term];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TapPhases that
        && Arrays.equals(of, that.of)
        && count == that.count
        && rest == that.rest;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(of) * 31 + count;
  }

  @Override
  public String toString() {
    return "TapPhases[count=%d, rest=%d]".formatted(count, rest);
  }
}
