package dev.narrows.experiments.narrow;

import dev.narrows.experiments.narrow.PlannableLayers.Candidate;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanTrials;
import dev.narrows.report.Table;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a layer's register from being narrower.
 *
 * @param bound proof, seen, budget or offered
 * @param words the same for people
 */
record PlanReason(String bound, String words) {
  /**
   * The reason of one layer.
   *
   * @param seen the width that no sum of the search's images exceeded
   */
  static PlanReason of(ChosenPlan plan, int i, Optional<Integer> seen) {
    Candidate layer = plan.plannable().layers().get(i);
    int bits = plan.widths().get(i);
    List<Integer> narrower =
        plan.request().widths().stream().filter(width -> width < bits).toList();
    if (narrower.isEmpty()) {
      return new PlanReason("offered", "the narrowest register offered");
    }
    int next = narrower.getLast();
    return switch (plan.request().promise()) {
      case ALWAYS ->
          plan.from().isPresent() && !plan.narrower().isEmpty()
              ? budget(plan, i, next)
              : new PlanReason("proof", "some input needs %d bits".formatted(layer.safe()));
      case CONFIDENCE ->
          layer.safe() <= seen.orElse(bits)
              ? new PlanReason("proof", "some input needs %d bits".formatted(layer.safe()))
              : new PlanReason("seen", "the widest sum seen takes %d".formatted(seen.orElse(bits)));
      case DATA -> budget(plan, i, next);
    };
  }

  private static PlanReason budget(ChosenPlan plan, int i, int next) {
    return plan.narrower()
        .get(i)
        .map(counts ->
            counts.equals(PlanTrials.IMPOSSIBLE)
                ? new PlanReason("proof", next + " bits leave channels without weights")
                : new PlanReason("budget", lost(plan, next, counts)))
        .orElseGet(() -> new PlanReason("budget", next + " bits were not tried"));
  }

  private static String lost(ChosenPlan plan, int next, PairedCounts counts) {
    double z = PairedCounts.quantile(plan.request().confidence());
    String loss = Table.percent(100 * counts.loss());
    return plan.search().map(seen -> seen.images() > counts.images()).orElse(false)
        ? "%d bits lose %s on the first %d images".formatted(next, loss, counts.images())
        : "%d bits lose %s, perhaps %s".formatted(next, loss, Table.percent(100 * counts.upper(z)));
  }
}
