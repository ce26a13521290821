package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What registers can reach over all inputs, for any length of the chain. */
sealed interface LaneReaches permits UniformReaches, TermReaches {
  /**
   * Every level's reach.
   *
   * @param reduction with the chain's length given
   */
  List<RegisterReach> at(LaneReduction reduction);

  /** The first failure of a reduction; empty if it is safe. */
  Optional<LaneFailure> failure(LaneReduction reduction);

  /** Whether every register holds what it has to. */
  default boolean safe(LaneReduction reduction) {
    return failure(reduction).isEmpty();
  }

  /** The model that a question asks for: term by term where the terms are known. */
  static LaneReaches of(LaneQuestion question) {
    return question.knowsTerms() ? new TermReaches(question) : new UniformReaches(question);
  }

  /**
   * Whether a level's lanes hold what they have to.
   *
   * @param exact whether both ends are: not cut to 64 bits
   */
  static boolean holds(LaneReduction reduction, int level, long lo, long hi, boolean exact) {
    LaneLevel own = reduction.levels().get(level);
    if (!own.register().saturating() && !reduction.mustFitAtEnd(level)) {
      return true;
    }
    IntegerRange range = own.register().range();
    return exact && range.contains(lo) && range.contains(hi);
  }

  /** The products x·y of any x and y of two operands: extreme at corners of the ranges. */
  static IntegerRange products(IntegerRange a, IntegerRange b) {
    long[] corners = {
      Math.multiplyExact(a.min(), b.min()),
      Math.multiplyExact(a.min(), b.max()),
      Math.multiplyExact(a.max(), b.min()),
      Math.multiplyExact(a.max(), b.max())
    };
    Arrays.sort(corners);
    return new IntegerRange(corners[0], corners[3]);
  }
}
