package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.List;

/**
 * The parts of a dot product that a narrow register sums one by one, each from zero, before a wider
 * one takes their results: chunks of consecutive terms, or the pairs of an instruction.
 *
 * @param run consecutive terms of a chunk; 0 for pairs
 * @param distance from a term to its partner, as in {@link PairedTerms}; 0 for chunks
 */
public record TermParts(int run, int distance) {
  public TermParts {
    if (run < 0 || distance < 0 || (run == 0) == (distance == 0)) {
      throw new IllegalArgumentException(
          "need chunks or pairs, got a run of %d and a distance of %d".formatted(run, distance));
    }
  }

  /** Runs of n consecutive terms. */
  public static TermParts chunks(int run) {
    return new TermParts(run, 0);
  }

  /** Pairs of terms. */
  public static TermParts pairs(PairedTerms pairs) {
    return new TermParts(0, pairs.distance());
  }

  /** The part of a term. */
  public int part(int term) {
    return distance == 0 ? term / run : term / (2 * distance) * distance + term % distance;
  }

  /** The number of parts of {@code terms} terms, of which some may be empty. */
  public int count(int terms) {
    return terms == 0 ? 0 : distance == 0 ? (terms - 1) / run + 1 : part(terms - 1) + distance;
  }

  /** The largest number of terms that a part of {@code terms} terms has. */
  public int most(int terms) {
    return Math.min(terms, distance == 0 ? run : 2);
  }

  /**
   * The largest n such that no chunk of n terms of any of these channels leaves {@code bits} bits,
   * for any input; 0 if a single term does. Smaller chunks are cut elsewhere, and may be unsafe.
   *
   * @throws ArithmeticException if a sum could leave 64 bits
   */
  public static int largestChunk(List<DotChannel> channels, int bits) {
    int terms = channels.stream().mapToInt(DotChannel::terms).max().orElse(0);
    boolean[] unsafe = new boolean[terms + 1];
    channels.forEach(channel -> mark(channel, bits, unsafe));
    int largest = terms;
    while (largest > 0 && unsafe[largest]) {
      largest--;
    }
    return largest;
  }

  /** Marks the lengths of chunks that are not safe. */
  private static void mark(DotChannel channel, int bits, boolean[] unsafe) {
    int terms = channel.terms();
    long[] low = new long[terms + 1];
    long[] high = new long[terms + 1];
    for (int k = 0; k < terms; k++) {
      int[] one = {channel.weights()[k]};
      TapPhases phases = channel.phases();
      SignSumBound term =
          SignSumBound.of(
              phases.phase(k) >= 0
                  ? new DotChannel(one, channel.inputs())
                  : new DotChannel(one, new IntegerRange(phases.rest(), phases.rest())));
      low[k + 1] = Math.addExact(low[k], term.lo());
      high[k + 1] = Math.addExact(high[k], term.hi());
    }
    for (int run = 1; run <= terms; run++) {
      for (int from = 0; !unsafe[run] && from < terms; from += run) {
        int to = Math.min(terms, from + run);
        unsafe[run] = Widths.of(low[to] - low[from], high[to] - high[from]) > bits;
      }
    }
  }

  /** {@code chunk(16)} or {@code pairs(1)}, as certificates say it. */
  @Override
  public String toString() {
    return distance == 0 ? "chunk(%d)".formatted(run) : "pairs(%d)".formatted(distance);
  }
}
