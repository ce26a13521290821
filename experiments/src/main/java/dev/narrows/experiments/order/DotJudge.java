package dev.narrows.experiments.order;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.order.DotOperands;
import dev.narrows.core.order.OrderSearch.Extremes;
import dev.narrows.core.order.OrderSearch.NamedTree;
import dev.narrows.core.order.TermSums;
import dev.narrows.experiments.order.OrderTally.DotPlace;
import dev.narrows.report.OrderResult.OrderEnd;
import dev.narrows.report.OrderResult.OrderWitness;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/** Proves, refutes or leaves undecided the dot products of one integer layer in one register. */
interface DotJudge {
  /**
   * Judges one dot product.
   *
   * @param sums of its terms
   * @param operands what it multiplies, where that has to be looked at
   */
  void judge(DotPlace place, TermSums sums, Supplier<DotOperands> operands);

  /** Whether all sums between these are monotone in their codes and end in one. */
  static boolean oneCode(IntegerRange codes) {
    return codes.min() == codes.max();
  }

  /** Tells whose codes can be what. */
  static void tell(ImageOrders images, boolean last, DotPlace place, IntegerRange codes) {
    if (last && images.scores()) {
      images.score(
          place.image(),
          place.channel(),
          Math.toIntExact(codes.min()),
          Math.toIntExact(codes.max()));
    } else if (!oneCode(codes)) {
      images.open(place.image());
    }
  }

  /** A dot product and the two ends that were found of it. */
  static OrderWitness witness(
      DotPlace place,
      long preload,
      DotOperands operands,
      Extremes found,
      DoubleFunction<Optional<Integer>> code) {
    return new OrderWitness(
        place.image(),
        place.channel(),
        place.position(),
        preload,
        Arrays.stream(operands.weights()).boxed().toList(),
        Arrays.stream(operands.inputs()).boxed().toList(),
        end(found.leastBy(), found.least(), code),
        end(found.greatestBy(), found.greatest(), code));
  }

  private static OrderEnd end(NamedTree by, double value, DoubleFunction<Optional<Integer>> code) {
    return new OrderEnd(
        by.name(), Arrays.stream(by.tree().steps()).boxed().toList(), value, code.apply(value));
  }
}
