package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.OrderRange;
import dev.narrows.core.order.OrderSearch;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.TermSums;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Registers of integers: both ends of the range are reached, so every dot product is decided unless
 * its requantisation wraps around between them.
 *
 * @param last whether the layer's codes are the network's answer
 */
record IntegerJudge(
    Accumulator register, DotCodes codes, OrderTally tally, ImageOrders images, boolean last)
    implements DotJudge {
  @Override
  public void judge(DotPlace place, TermSums sums, Supplier<DotOperands> operands) {
    int channel = place.channel();
    long negative = (long) ((sums.exact() - sums.magnitudes()) / 2);
    long positive = (long) ((sums.exact() + sums.magnitudes()) / 2);
    long preload = codes.preloads()[channel];
    OrderRange range = OrderRange.of(register, negative, positive, preload);
    IntegerRange ends = codes.codes(channel, range.least(), range.greatest());
    DotJudge.tell(images, last, place, ends);
    if (range.oneValue()) {
      tally.addOneValue(1);
    } else if (DotJudge.oneCode(ends)) {
      tally.addOneCode();
    } else if (codes.code(channel, range.least()) == codes.code(channel, range.greatest())) {
      tally.addUndecided(); // the same code at both ends of a range that wraps around
    } else {
      tally.addRefuted(
          place,
          () -> {
            DotOperands terms = operands.get().withoutZeros();
            return DotJudge.witness(
                place,
                preload,
                terms,
                extremes(register, range, terms.products(), preload),
                value -> Optional.of(codes.code(channel, value)));
          });
    }
  }

  /** The orders that reach both ends. */
  static Extremes extremes(Accumulator register, OrderRange range, double[] terms, long preload) {
    Saturating saturating = new Saturating(register.bits()); // no other has two values
    long[] integers = Arrays.stream(terms).mapToLong(term -> (long) term).toArray();
    return OrderSearch.search(
        terms,
        tree -> tree.sum(saturating, integers, preload),
        (least, greatest) -> least == range.least() && greatest == range.greatest(),
        OrderSearch.NAMED,
        0);
  }
}
