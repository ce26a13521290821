package dev.narrows.report;

import dev.narrows.core.dot.Decisions;
import java.util.List;

/**
 * What decided the dot products of one pass over images: how many of them had to be summed step by
 * step, or sorted.
 *
 * @param pass what it was for: an accumulator, or a look at the widths in an order
 * @param images how many it ran
 * @param steps from the cheapest argument to the dearest; those that decided nothing are left out
 */
public record DecidedDots(String pass, int images, List<DecidingStep> steps) {
  /** Copies the steps. */
  public DecidedDots {
    steps = List.copyOf(steps);
  }

  /**
   * An argument that decided some.
   *
   * @param by the argument in words, such as {@code its own sums by sign}
   * @param dots how many dot products of integers it decided
   */
  public record DecidingStep(String by, long dots) {}

  /** The counts of a pass. */
  public static DecidedDots of(String pass, int images, Decisions decisions) {
    return new DecidedDots(
        pass,
        images,
        decisions.dots().entrySet().stream()
            .map(one -> new DecidingStep(one.getKey().toString(), one.getValue()))
            .toList());
  }

  /** A line, as in {@code int16:saturate, 73 images: 1,000 dot products, 82.10 % by …}. */
  public String line() {
    long all = steps.stream().mapToLong(DecidingStep::dots).sum();
    StringBuilder line =
        new StringBuilder("%s, %,d images: %,d dot products".formatted(pass, images, all));
    for (DecidingStep step : steps) {
      line.append(", %s %% by %s".formatted(Table.percent(100.0 * step.dots / all), step.by));
    }
    return line.toString();
  }
}
