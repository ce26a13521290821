package dev.narrows.core.dot;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.format.Widths;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** One walk of an order through a register, noting every write. */
final class Walk implements RegisterWrites {
  private final IntegerAccumulator register;
  private long writes; // folds of all values the P-bit registers held, ORed
  private long finals; // folds of all values that no order inside a register could avoid
  private long value;

  private Walk(IntegerAccumulator register) {
    this.register = register;
  }

  static Walk of(IntegerAccumulator register, SummationOrder order, long[] terms, long preload) {
    Walk walk = new Walk(register);
    walk.value = order.sum(walk, terms, preload);
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

  @Override
  public long load(long preload) {
    writes |= Widths.fold(preload);
    return register.load(preload);
  }

  @Override
  public long add(long held, long term) {
    return write(register.add(held, term));
  }

  @Override
  public long sequence(long[] terms, long start) {
    long held = start;
    for (long term : terms) {
      held = add(held, term);
    }
    return held;
  }

  @Override
  public long parts(long[] terms, int size, long preload, UnaryOperator<long[]> preparation) {
    long total = load(preload);
    for (long start = 0; start < terms.length; start += size) {
      total = add(total, sequence(preparation.apply(part(terms, start, size)), 0));
    }
    return total;
  }

  /**
   * The P-bit register then holds chunk partials only, so they alone are writes, and the chunk sums
   * take the place of the final sum.
   */
  @Override
  public long partsInto(int outerBits, long[] terms, int size, long preload) {
    IntegerAccumulator outer = register.withBits(outerBits);
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

  @Override
  public long[] pairUp(long[] terms, OptionalInt rounds) {
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
