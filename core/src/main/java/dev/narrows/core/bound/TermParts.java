package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.lane.LaneCount;
import dev.narrows.core.lane.LaneReduction;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The parts of a dot product that a narrow register sums one by one, each from zero, before a wider
 * one takes their results: chunks of consecutive terms, the pairs of an instruction, or what a lane
 * of a SIMD kernel adds.
 *
 * @param kind how certificates name them
 * @param folds how parts come of terms, and parts of those parts; at least one
 */
public record TermParts(PartKind kind, List<PartFold> folds) {
  public TermParts {
    folds = List.copyOf(folds);
    if (folds.isEmpty() || kind != PartKind.LANES && folds.size() > 1) {
      throw new IllegalArgumentException("%s cannot be %s".formatted(kind, folds));
    }
  }

  /** What makes parts of terms. */
  public enum PartKind {
    /** Runs of consecutive terms. */
    CHUNKS,
    /** Terms that an instruction multiplies and adds by twos. */
    PAIRS,
    /** Lanes of a SIMD kernel. */
    LANES
  }

  /**
   * Blocks of count · stride items make {@code stride} parts: the items of one are stride apart.
   *
   * @param count items of a part
   * @param stride parts of a block
   */
  public record PartFold(int count, int stride) {
    public PartFold {
      if (count < 1 || stride < 1) {
        throw new IllegalArgumentException(
            "need items and parts, got %d and %d".formatted(count, stride));
      }
    }

    private long part(long item) {
      return item / ((long) count * stride) * stride + item % stride;
    }

    @Override
    public String toString() {
      return count + "/" + stride;
    }
  }

  /** Runs of n consecutive terms. */
  public static TermParts chunks(int run) {
    return new TermParts(PartKind.CHUNKS, List.of(new PartFold(run, 1)));
  }

  /** Pairs of terms. */
  public static TermParts pairs(PairedTerms pairs) {
    return new TermParts(PartKind.PAIRS, List.of(new PartFold(2, pairs.distance())));
  }

  /**
   * What one lane of a level adds.
   *
   * @param reduction with every length given
   * @param level from 0
   */
  public static TermParts lanes(LaneReduction reduction, int level) {
    return new TermParts(
        PartKind.LANES,
        reduction.levels().subList(0, level + 1).stream()
            .map(one ->
                new PartFold(
                    one.count() instanceof LaneCount.FixedCount(int items)
                        ? items
                        : Integer.MAX_VALUE,
                    one.stride()))
            .toList());
  }

  /** The part of a term. */
  public int part(int term) {
    long item = term;
    for (PartFold fold : folds) {
      item = fold.part(item);
    }
    return Math.toIntExact(item);
  }

  /** The number of parts of {@code terms} terms, of which some may be empty. */
  public int count(int terms) {
    return IntStream.range(0, terms).map(this::part).max().orElse(-1) + 1;
  }

  /** The largest number of terms that a part of {@code terms} terms has: that of the first one. */
  public int most(int terms) {
    return (int) IntStream.range(0, terms).filter(k -> part(k) == 0).count();
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

  /** {@code chunk(16)}, {@code pairs(1)} or {@code lanes(2/1,8/16)}, as certificates say it. */
  @Override
  public String toString() {
    return switch (kind) {
      case CHUNKS -> "chunk(%d)".formatted(folds.getFirst().count());
      case PAIRS -> "pairs(%d)".formatted(folds.getFirst().stride());
      case LANES ->
          folds.stream().map(PartFold::toString).collect(Collectors.joining(",", "lanes(", ")"));
    };
  }
}
