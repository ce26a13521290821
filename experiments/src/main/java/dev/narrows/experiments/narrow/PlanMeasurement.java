package dev.narrows.experiments.narrow;

import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.repair.plan.BinomialLimits;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.report.Comparison;
import dev.narrows.report.PlanResult.PlanMeasured;

/** What images say of a plan. */
final class PlanMeasurement {
  private PlanMeasurement() {}

  /**
   * The plan beside the file in exact registers.
   *
   * @param images with the classes to be found
   * @param exact classes that the file gives in exact registers
   * @param plan classes that the plan gives
   * @param overflowing images of which some sum overflows
   * @param never whether no input can overflow any register
   */
  static PlanMeasured of(
      NetworkInputs images,
      int[] exact,
      int[] plan,
      int overflowing,
      boolean never,
      PlanRequest request) {
    int[] labels = images.labels().orElseThrow();
    Comparison pair = Significance.compared("exact", exact, "plan", plan, labels);
    PairedCounts counts = new PairedCounts(exact.length, pair.onlyFirst(), pair.onlySecond());
    return new PlanMeasured(
        images.images(),
        images.accuracy(exact).orElseThrow(),
        images.accuracy(plan).orElseThrow(),
        Significance.wilson(plan, labels),
        100 * counts.loss(),
        100 * counts.upper(PairedCounts.quantile(request.confidence())),
        pair,
        overflowing,
        never
            ? 0
            : 100 * BinomialLimits.upper(overflowing, images.images(), 1 - request.confidence()));
  }
}
