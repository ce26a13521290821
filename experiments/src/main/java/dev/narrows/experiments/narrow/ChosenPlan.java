package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.narrow.PlannableLayers.Candidate;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.PlanResult;
import dev.narrows.report.PlanResult.PlanMeasured;
import dev.narrows.report.PlanResult.PlanSearched;
import dev.narrows.report.PlanResult.PlannedLayer;
import dev.narrows.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A plan and all that is known of it.
 *
 * @param widths by layer
 * @param dataset empty where bounds alone decided
 * @param agreement whether predictions in exact registers stand for labels
 * @param profiles of the search's images, by layer name
 * @param narrower by layer, the plan with the layer's next narrower register; empty for promises
 *     that no accuracy decides
 * @param uniform the narrowest width for all layers on the same terms
 * @param from what the model was repaired from, if it was
 */
public record ChosenPlan(
    ModelFile model,
    PlanRequest request,
    PlannableLayers plannable,
    List<Integer> widths,
    Optional<String> dataset,
    boolean agreement,
    Map<String, OverflowProfile> profiles,
    List<Optional<PairedCounts>> narrower,
    Optional<Integer> uniform,
    Optional<PlanSearched> search,
    Optional<PlanMeasured> confirmed,
    Optional<PlanMeasured> rest,
    Optional<RepairedFrom> from) {
  /** Copies the lists. */
  public ChosenPlan {
    widths = List.copyOf(widths);
    narrower = List.copyOf(narrower);
  }

  /**
   * What a repair began with.
   *
   * @param network the file
   * @param safe by layer, the width that no input overflowed before
   * @param calibration the set that it looked at
   * @param images of it
   */
  public record RepairedFrom(
      NetworkFile network, List<Integer> safe, String calibration, int images) {
    /** Copies the list. */
    public RepairedFrom {
      safe = List.copyOf(safe);
    }
  }

  static ChosenPlan of(
      ModelFile model, PlanRequest request, PlannableLayers plannable, List<Integer> widths) {
    int widest = widths.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return new ChosenPlan(
        model,
        request,
        plannable,
        widths,
        Optional.empty(),
        false,
        Map.of(),
        List.of(),
        Optional.of(widest), // what one width for all has to be on the same terms
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same plan for the network that was repaired for it. */
  ChosenPlan repaired(ModelFile other, PlannableLayers layers, RepairedFrom original) {
    return new ChosenPlan(
        other,
        request,
        layers,
        widths,
        dataset,
        agreement,
        profiles,
        narrower,
        uniform,
        search,
        confirmed,
        rest,
        Optional.of(original));
  }

  ChosenPlan withData(
      PlanImages images,
      Map<String, OverflowProfile> seen,
      PlanMeasured measured,
      Optional<PlanMeasured> others) {
    return new ChosenPlan(
        model,
        request,
        plannable,
        widths,
        Optional.of(images.inputs().name()),
        images.agreement(),
        seen,
        narrower,
        uniform,
        search,
        Optional.of(measured),
        others,
        from);
  }

  ChosenPlan withSearch(PlanSearched searched) {
    return new ChosenPlan(
        model,
        request,
        plannable,
        widths,
        dataset,
        agreement,
        profiles,
        narrower,
        uniform,
        Optional.of(searched),
        confirmed,
        rest,
        from);
  }

  ChosenPlan withNarrower(List<Optional<PairedCounts>> trials, Optional<Integer> one) {
    return new ChosenPlan(
        model, request, plannable, widths, dataset, agreement, profiles, trials, one, search,
        confirmed, rest, from);
  }

  /**
   * Whether the plan kept its promise on the images that it was confirmed on: the loss is within
   * the budget, or as few images overflow as were promised.
   */
  public boolean held() {
    return confirmed
        .map(seen ->
            switch (request.promise()) {
              case ALWAYS ->
                  seen.overflowing() == 0 && (from.isEmpty() || seen.loss() <= request.budget());
              case CONFIDENCE ->
                  100.0 * seen.overflowing() / seen.images()
                      <= search.flatMap(PlanSearched::unseen).orElse(100.0);
              case DATA -> seen.loss() <= request.budget();
            })
        .orElse(true);
  }

  /**
   * The result.
   *
   * @param next what to type next
   */
  public PlanResult result(List<String> next) {
    return new PlanResult(
        model.id(),
        dataset,
        request.promise().toString(),
        agreement ? "agreement" : "accuracy",
        request.way().way(),
        request.budget(),
        100 * request.confidence(),
        request.split().seed(),
        held(),
        sentence(),
        layers(),
        plannable.exact(),
        totals(),
        uniform,
        search,
        confirmed,
        rest,
        from.map(original ->
            new PlanResult.PlanRepair(
                original.network(), original.calibration(), original.images())),
        next);
  }

  /** The layers with their registers and reasons. */
  List<PlannedLayer> layers() {
    return IntStream.range(0, widths.size()).mapToObj(this::layer).toList();
  }

  private PlannedLayer layer(int i) {
    Candidate layer = plannable.layers().get(i);
    int bits = widths.get(i);
    Optional<OverflowProfile> profile = Optional.ofNullable(profiles.get(layer.name()));
    Optional<Integer> seen = profile.map(dots -> PlannableLayers.seenBits(dots, request.way()));
    PlanReason reason = PlanReason.of(this, i, seen);
    return new PlannedLayer(
        layer.name(),
        layer.bounds().kind(),
        layer.bounds().terms(),
        layer.macs(),
        request.offered().register(bits).toString(),
        bits,
        layer.own(),
        layer.bounds().bounds().dataType(),
        layer.safe(),
        seen,
        bits >= layer.safe() ? "always" : seen.orElse(bits) <= bits ? "seen" : "data",
        reason.bound(),
        reason.words(),
        profile.map(dots ->
            dots.dots() == 0
                ? 0
                : 100.0 * PlannableLayers.missed(dots, request.way(), bits) / dots.dots()),
        from.map(original -> original.safe().get(i)));
  }

  private List<PlanResult.PlanTotal> totals() {
    List<PlanWeights> counted = new ArrayList<>(List.of(request.weights()));
    for (PlanWeights other : List.of(PlanWeights.BITS, PlanWeights.MACS)) {
      if (!other.name().equals(request.weights().name())) {
        counted.add(other);
      }
    }
    return counted.stream().map(this::total).toList();
  }

  private PlanResult.PlanTotal total(PlanWeights weights) {
    double plan = 0;
    double own = 0;
    double rule = 0;
    double one = 0;
    for (int i = 0; i < widths.size(); i++) {
      Candidate layer = plannable.layers().get(i);
      double weight = weights.of(model.network(), layer.layer());
      plan += weight * widths.get(i);
      own += weight * layer.own();
      rule += weight * layer.bounds().bounds().dataType();
      one += weight * uniform.orElse(0);
    }
    return new PlanResult.PlanTotal(
        weights.name(), plan, own, rule, uniform.isPresent() ? Optional.of(one) : Optional.empty());
  }

  /** What came out, in a sentence. */
  private String sentence() {
    PlanResult.PlanTotal bits = total(PlanWeights.BITS);
    String saved =
        "%.0f bits in %d layers, %.1f %% fewer than the %.0f of the file's own registers"
            .formatted(bits.plan(), widths.size(), bits.savedOfOwn(), bits.own());
    return (held() ? "" : "NOT CONFIRMED: ") + saved + "; " + promised();
  }

  private String promised() {
    return switch (request.promise()) {
      case ALWAYS -> "no input overflows any of them, whatever the order" + repaired();
      case CONFIDENCE ->
          confirmed
              .map(seen ->
                  "no sum of %,d images overflows; of %,d other images %,d do, where at most %s %% were promised"
                      .formatted(
                          search.map(PlanSearched::images).orElse(0),
                          seen.images(),
                          seen.overflowing(),
                          Table.percent(search.flatMap(PlanSearched::unseen).orElse(0.0))))
              .orElse("");
      case DATA -> confirmed.map(this::accuracy).orElse("");
    };
  }

  private String repaired() {
    return from.isPresent()
        ? confirmed.map(seen -> "; repaired, " + accuracy(seen)).orElse("")
        : "";
  }

  private String accuracy(PlanMeasured seen) {
    return "%s %s %% becomes %s %% on %,d images that the search did not see: %s points lost%s"
        .formatted(
            agreement ? "agreement of" : "accuracy of",
            Table.percent(seen.exactAccuracy()),
            Table.percent(seen.accuracy()),
            seen.images(),
            Table.percent(seen.loss()),
            beside(seen));
  }

  private String beside(PlanMeasured seen) {
    String budget = String.format(Locale.ROOT, "%s", request.budget()).replaceAll("\\.0$", "");
    if (seen.loss() > request.budget()) {
      return ", more than the budget of " + budget;
    }
    return seen.upper() <= request.budget()
        ? " of a budget of " + budget + ", confirmed on these images"
        : " of a budget of "
            + budget
            + ", though these images alone cannot exclude "
            + Table.percent(seen.upper());
  }
}
