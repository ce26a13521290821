package dev.narrows.core.dot;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.OptionalInt;

/** One walk of an order through a register, noting every write. */
final class Walk {
  private final IntegerAccumulator register;
  private long writes; // folds of all values the P-bit registers held, ORed
  private long finals; // folds of all values that no order inside a register could avoid
  private long value;

  private Walk(IntegerAccumulator register) {
    this.register = register;
  }

  static Walk of(IntegerAccumulator register, SummationOrder order, long[] terms, long preload) {
    Walk walk = new Walk(register);
    walk.value =
        switch (order) {
          case SummationOrder.Sequential s -> walk.sequence(terms, walk.load(preload));
          case SummationOrder.Reversed r -> walk.sequence(reversed(terms), walk.load(preload));
          case SummationOrder.Ascending a -> walk.sequence(ascending(terms), walk.load(preload));
          case SummationOrder.Sorted(OptionalInt rounds) ->
              walk.sequence(walk.pairUp(terms, rounds), walk.load(preload));
          case SummationOrder.Chunked(int size, OptionalInt outerBits) when outerBits.isPresent() ->
              walk.chunksInto(register.withBits(outerBits.getAsInt()), terms, size, preload);
          case SummationOrder.Chunked(int size, OptionalInt none) ->
              walk.parts(terms, size, preload, part -> part);
          case SummationOrder.SortedTiles(int size, OptionalInt rounds) ->
              walk.parts(terms, size, preload, part -> walk.pairUp(part, rounds));
          case SummationOrder.SignDirected s -> walk.signDirected(terms, walk.load(preload));
        };
    if (order.outerBits().isEmpty()) {
      walk.finals = Widths.fold(walk.value);
    }
    return walk;
  }

  long value() {
    return value;
  }

  /** Of an exact walk: the width below which this dot product is persistent. */
  int finalBits() {
    return Widths.ofFold(finals);
  }

  /** Of an exact walk: the width of the widest write. */
  int pathBits() {
    return Widths.ofFold(writes);
  }

  private long write(long held) {
    writes |= Widths.fold(held);
    return held;
  }

  private long load(long preload) {
    writes |= Widths.fold(preload);
    return register.load(preload);
  }

  private long add(long held, long term) {
    return write(register.add(held, term));
  }

  private long sequence(long[] terms, long start) {
    long held = start;
    for (long term : terms) {
      held = add(held, term);
    }
    return held;
  }

  /** How the terms of one part are prepared before they are accumulated. */
  private interface Preparation {
    long[] prepare(long[] part);
  }

  private long parts(long[] terms, int size, long preload, Preparation preparation) {
    long total = load(preload);
    for (long start = 0; start < terms.length; start += size) {
      total = add(total, sequence(preparation.prepare(part(terms, start, size)), 0));
    }
    return total;
  }

  /**
   * Chunks in this walk's register, their sums in {@code outer}. The P-bit register then holds
   * chunk partials only, so they alone are writes, and the chunk sums take the place of the final
   * sum.
   */
  private long chunksInto(IntegerAccumulator outer, long[] terms, int size, long preload) {
    long total = outer.load(preload);
    for (long start = 0; start < terms.length; start += size) {
      long chunk = sequence(part(terms, start, size), 0);
      finals |= Widths.fold(chunk);
      total = outer.add(total, chunk);
    }
    return total;
  }

  private static long[] part(long[] terms, long start, int size) {
    return Arrays.copyOfRange(terms, (int) start, (int) Math.min(terms.length, start + size));
  }

  /** The sorting rounds of PQS; pair sums are made in the register. */
  private long[] pairUp(long[] terms, OptionalInt rounds) {
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

  private long signDirected(long[] terms, long start) {
    long held = start;
    int positive = next(terms, 0, 1);
    int negative = next(terms, 0, -1);
    while (positive < terms.length || negative < terms.length) {
      boolean takeNegative = held >= 0 ? negative < terms.length : positive >= terms.length;
      if (takeNegative) {
        held = add(held, terms[negative]);
        negative = next(terms, negative + 1, -1);
      } else {
        held = add(held, terms[positive]);
        positive = next(terms, positive + 1, 1);
      }
    }
    return held;
  }

  private static int next(long[] terms, int from, int sign) {
    int k = from;
    while (k < terms.length && Long.signum(terms[k]) != sign) {
      k++;
    }
    return k;
  }

  private static long[] reversed(long[] terms) {
    long[] result = new long[terms.length];
    for (int k = 0; k < terms.length; k++) {
      result[k] = terms[terms.length - 1 - k];
    }
    return result;
  }

  private static long[] ascending(long[] terms) {
    return Arrays.stream(terms)
        .boxed()
        .sorted((a, b) -> Long.compare(Math.abs(a), Math.abs(b))) // stable: ties stay by index
        .mapToLong(Long::longValue)
        .toArray();
  }
}
