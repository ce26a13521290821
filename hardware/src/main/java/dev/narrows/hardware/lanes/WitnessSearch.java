package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The operands that take the failing lane as far as it goes. Those of other lanes are as near to 0
 * as they can be.
 *
 * @see "docs/lanes.md, Witnesses"
 */
final class WitnessSearch {
  private final LaneQuestion question;
  private final LaneReduction reduction;
  private final LaneFailure failure;

  WitnessSearch(LaneQuestion question, LaneReduction reduction, LaneFailure failure) {
    this.question = question;
    this.reduction = reduction;
    this.failure = failure;
  }

  /** The witness; empty if its arrays would be longer than any that are made. */
  Optional<LaneWitness> find() {
    long terms = question.knowsTerms() ? question.termCount() : termsOfBlock();
    if (terms > LaneQuestion.MOST_TERMS) {
      return Optional.empty();
    }
    int length = (int) terms;
    long[] a = new long[length];
    long[] b = new long[length];
    Arrays.fill(a, question.a().nearestZero());
    Arrays.setAll(b, k -> weight(k).orElse(question.b().nearestZero()));
    int[] members = members(length);
    long[] values = new long[members.length];
    long[][] operands = new long[members.length][];
    for (int i = 0; i < members.length; i++) {
      operands[i] = furthest(weight(members[i]));
      values[i] = operands[i][0] * operands[i][1] * (failure.upwards() ? 1 : -1);
    }
    int[] active =
        question.limits().any()
            ? question.limits().greatest(members, values)
            : IntStream.range(0, members.length).toArray();
    for (int i : active) {
      a[members[i]] = operands[i][0];
      b[members[i]] = operands[i][1];
    }
    long[] products = new long[length];
    Arrays.setAll(products, k -> a[k] * b[k]);
    Arrays.setAll(a, k -> a[k] - question.a().offset());
    Arrays.setAll(b, k -> b[k] - question.b().offset());
    long[] starts =
        reduction.levels().stream()
            .map(LaneLevel::start)
            .mapToLong(start -> failure.upwards() ? start.max() : start.min())
            .toArray();
    return Optional.of(LaneWitness.of(reduction, a, b, products, starts, failure.channel()));
  }

  private Optional<Long> weight(int term) {
    return question.weights().map(all -> all[failure.channel()][term] + question.b().offset());
  }

  /** The operands of a term that take it furthest. */
  private long[] furthest(Optional<Long> weight) {
    IntegerRange x = question.a().values();
    IntegerRange y = weight.map(q -> new IntegerRange(q, q)).orElseGet(() -> question.b().values());
    long[] best = {x.min(), y.min()};
    for (long one : new long[] {x.min(), x.max()}) {
      for (long other : new long[] {y.min(), y.max()}) {
        long gain = one * other - best[0] * best[1];
        if (failure.upwards() ? gain > 0 : gain < 0) {
          best = new long[] {one, other};
        }
      }
    }
    return best;
  }

  /** The terms of the failing lane. */
  private int[] members(int terms) {
    return IntStream.range(0, terms).filter(k -> lane(k) == failure.lane()).toArray();
  }

  private long lane(int term) {
    long item = term;
    for (LaneLevel level : reduction.levels().subList(0, failure.level() + 1)) {
      item = level.lane(item);
    }
    return item;
  }

  /** The terms of the failing level's first block, all its lanes filled. */
  private long termsOfBlock() {
    long terms = 1;
    for (int i = failure.level(); i >= 0; i--) {
      LaneLevel level = reduction.levels().get(i);
      if (level.count() instanceof AllItems) {
        return Long.MAX_VALUE;
      }
      // so many sums come of whole blocks of the level
      long blocks = Math.ceilDiv(i == failure.level() ? level.stride() : terms, level.stride());
      terms = blocks * level.block(0);
      if (terms > LaneQuestion.MOST_TERMS) {
        return Long.MAX_VALUE;
      }
    }
    return terms;
  }
}
