package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import java.util.Optional;

/**
 * What decides the widths of a dot product's sums: everything about a register but its width and
 * policy.
 */
record View(
    SummationOrder order, Optional<ZeroPointConvention> zero, Optional<BiasPlacement> bias) {
  /** What a summation looks at. */
  static View of(Summation summation) {
    return new View(summation.order(), summation.zero(), summation.bias());
  }

  /** The same conventions, in index order. */
  View inSequence() {
    return new View(new SummationOrder.Sequential(), zero, bias);
  }

  /** A summation to profile by; its accumulator, the widest there is, does not matter. */
  Summation profiled() {
    return new Summation(new Saturating(Accumulator.MAX_BITS), order, zero, bias);
  }
}
