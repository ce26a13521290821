package dev.narrows.report;

import java.util.Optional;

/**
 * A trial's network in one register.
 *
 * @param accumulator in text form
 * @param bits P of the register
 * @param accuracy on the test images, in percent
 * @param validation accuracy on the validation images, in percent
 * @param differing test predictions unlike the exact ones
 * @param summation facts about the accumulator
 */
public record SweepAccuracy(
    String accumulator,
    int bits,
    double accuracy,
    double validation,
    int differing,
    Optional<SummationFacts> summation) {
  /** Derives the facts that results of older versions lack. */
  public SweepAccuracy {
    summation = summation.or(() -> SummationFacts.of(accumulator));
  }

  /** Facts as the accumulator's text has them. */
  public SweepAccuracy(
      String accumulator, int bits, double accuracy, double validation, int differing) {
    this(accumulator, bits, accuracy, validation, differing, Optional.empty());
  }

  /** How it sums, whatever the width: {@code saturate:sorted} of {@code int9:saturate:sorted}. */
  public String way() {
    return summation.map(SummationFacts::way).orElse(accumulator);
  }
}
