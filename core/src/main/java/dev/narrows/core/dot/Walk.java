package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.format.Widths;
import dev.narrows.core.lane.LaneReduction;
import dev.narrows.core.lane.LaneWalk;

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
      walk.finals |= Widths.fold(walk.value);
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

  /**
   * The P-bit register then holds chunk partials only, so they alone are writes, and the chunk sums
   * take the place of the final sum.
   */
  @Override
  public long partsInto(int outerBits, long[] terms, int size, long preload) {
    IntegerAccumulator outer = register.withBits(outerBits);
    long total = outer.load(preload);
    for (long start = 0; start < terms.length; start += size) {
      long chunk = sequence(RegisterWrites.part(terms, start, size), 0);
      finals |= Widths.fold(chunk);
      total = outer.add(total, chunk);
    }
    return total;
  }

  /**
   * A lane that cannot hold its sum is nothing that a wider register behind it could mend: such a
   * dot product is persistent in every register.
   */
  @Override
  public long lanes(LaneReduction reduction, long[] terms, long preload) {
    if (!(register instanceof Exact)) {
      return sequence(reduction.sums(terms), load(preload));
    }
    LaneWalk walk = LaneWalk.of(reduction, terms);
    if (walk.overflow().isPresent()) {
      finals |= Long.MAX_VALUE;
    }
    return sequence(walk.exactSums(), load(preload));
  }
}
