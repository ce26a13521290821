package dev.narrows.core.dot;

import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.lane.LaneReduction;

/** One walk of an order through a spilling register, counting the spills. */
final class SpillWalk implements RegisterWrites {
  private final Spilling register;
  private long wide;
  private long spills;

  private SpillWalk(Spilling register) {
    this.register = register;
  }

  static SpillOutcome of(Spilling register, SummationOrder order, long[] terms, long preload) {
    SpillWalk walk = new SpillWalk(register);
    long held = order.sum(walk, terms, preload);
    return new SpillOutcome(register.wide().add(walk.wide, held), walk.spills);
  }

  private void spill(long value) {
    wide = register.wide().add(wide, value);
    spills++;
  }

  @Override
  public long load(long preload) {
    if (register.holds(preload)) {
      return preload;
    }
    spill(preload);
    return 0;
  }

  @Override
  public long add(long held, long term) {
    long sum = held + term; // |held| ≤ 2^61 and |term| < 2^62: no overflow of the long
    if (register.holds(sum)) {
      return sum;
    }
    if (register.holds(term)) {
      spill(held);
      return term;
    }
    spill(term);
    return held;
  }

  @Override
  public long partsInto(int outerBits, long[] terms, int size, long preload) {
    throw new IllegalStateException("a spilling register has no outer register");
  }

  @Override
  public long lanes(LaneReduction reduction, long[] terms, long preload) {
    return sequence(reduction.sums(terms), load(preload));
  }
}
