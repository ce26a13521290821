package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.input.BadInputException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a plan is asked for.
 *
 * @param promise what holds of it
 * @param budget the greatest loss, in points of accuracy
 * @param offered registers
 * @param weights what a bit of each layer's register costs
 * @param split of the images
 * @param confidence that the loss is within the budget, and of every other bound
 * @param threads to work on
 */
public record PlanRequest(
    Promise promise,
    double budget,
    OfferedRegisters offered,
    PlanWeights weights,
    SplitRequest split,
    double confidence,
    int threads) {
  /**
   * Checks what was asked.
   *
   * @throws BadInputException if a budget is no share of all images
   */
  public PlanRequest {
    if (!(budget >= 0 && budget <= 100)) {
      throw new BadInputException("--budget: must be in [0, 100] points, got " + budget);
    }
    if (!(confidence >= 0.5 && confidence <= 0.999999)) {
      throw new BadInputException("--confidence: must be in [50, 99.9999] percent");
    }
  }

  /** Widths that registers are offered in, ascending. */
  List<Integer> widths() {
    return offered.widths();
  }

  /** How registers sum; the width does not matter. */
  Summation way() {
    return offered.way();
  }

  /** What holds of a plan. */
  public enum Promise {
    /** No input can overflow a register, whatever the order. */
    ALWAYS,
    /** Accuracy stays within the budget, though sums may overflow. */
    DATA,
    /** No sum of the images overflowed, which bounds how many others do. */
    CONFIDENCE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How images are dealt out.
   *
   * @param seed of the shuffle
   * @param search images that the search looks at; empty: half of all, or of those left
   * @param confirm images that the plan is confirmed on; empty: all that are left
   * @param rest whether the plan is measured on all others too
   */
  public record SplitRequest(
      long seed, Optional<Integer> search, Optional<Integer> confirm, boolean rest) {}
}
