package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.PlannableLayers.Candidate;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.plan.BinomialLimits;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanLayer;
import dev.narrows.repair.plan.PlanSearch;
import dev.narrows.report.PlanResult.PlanMeasured;
import dev.narrows.report.PlanResult.PlanSearched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Chooses a plan for a model. The search sees its own images only; what is confirmed is decided by
 * then, and is not decided again.
 */
public final class PlanRun {
  private final ModelFile model;
  private final PlanRequest request;
  private final EvaluationListener listener;
  private final PlannableLayers plannable;

  /**
   * Prepares a model.
   *
   * @throws BadInputException if it has no layer that a register can be chosen for
   */
  public PlanRun(ModelFile model, PlanRequest request, EvaluationListener listener) {
    this.model = model;
    this.request = request;
    this.listener = listener;
    this.plannable = PlannableLayers.of(model, request);
  }

  /** A plan from bounds alone, of the promise "always". */
  public ChosenPlan bounds() {
    return ChosenPlan.of(model, request, plannable, proved());
  }

  /**
   * A plan from data.
   *
   * @param given images; labels are needed by the promise "data", or else predictions in exact
   *     registers stand for them
   * @param ledger where the search is kept; empty: nowhere
   */
  public ChosenPlan of(NetworkInputs given, Optional<Path> ledger) throws IOException {
    PlanImages images =
        PlanImages.of(
            model, request, given, request.promise() == PlanRequest.Promise.DATA, listener);
    NetworkInputs search = images.search();
    Map<String, OverflowProfile> profiles =
        PlannableLayers.seen(
            model.network(),
            search,
            request,
            done -> listener.progress("profiles", done, search.images()));
    return switch (request.promise()) {
      case ALWAYS -> measured(images, profiles, proved()).withSearch(clean(search, proved()));
      case CONFIDENCE -> {
        List<Integer> widths = seen(profiles);
        yield measured(images, profiles, widths).withSearch(clean(search, widths));
      }
      case DATA -> searched(images, profiles, search, ledger);
    };
  }

  /** Widths that bounds prove. */
  private List<Integer> proved() {
    List<Candidate> wide =
        plannable.layers().stream()
            .filter(layer -> PlannableLayers.enough(request.widths(), layer.safe()).isEmpty())
            .toList();
    if (!wide.isEmpty()) {
      throw new NoPlanException(
          "no plan: %s; the widest register offered has %d"
              .formatted(
                  wide.stream()
                      .map(layer -> "\"%s\" needs %d bits".formatted(layer.name(), layer.safe()))
                      .collect(Collectors.joining(", ")),
                  request.widths().getLast()));
    }
    return plannable.layers().stream()
        .map(layer -> PlannableLayers.enough(request.widths(), layer.safe()).orElseThrow())
        .toList();
  }

  /** Widths that no sum of the images exceeds. */
  private List<Integer> seen(Map<String, OverflowProfile> profiles) {
    return plannable.layers().stream()
        .map(layer -> {
          int bits = Math.min(layer.safe(), seenBits(profiles, layer));
          return PlannableLayers.enough(request.widths(), bits)
              .orElseThrow(() ->
                  new NoPlanException(
                      "no plan: sums of \"%s\" take %d bits; the widest register offered has %d"
                          .formatted(layer.name(), bits, request.widths().getLast())));
        })
        .toList();
  }

  private int seenBits(Map<String, OverflowProfile> profiles, Candidate layer) {
    return PlannableLayers.seenBits(
        profiles.getOrDefault(layer.name(), OverflowProfile.empty()), request.way());
  }

  private ChosenPlan searched(
      PlanImages images,
      Map<String, OverflowProfile> profiles,
      NetworkInputs search,
      Optional<Path> file)
      throws IOException {
    images.requireEnough(request);
    List<PlanLayer> layers =
        plannable.layers().stream().map(layer -> planLayer(layer, profiles)).toList();
    TrialLedger ledger = TrialLedger.of(file, images.key(model, request, plannable));
    RegisterPredictions predictions =
        new RegisterPredictions(
            model.network(),
            plannable.names(),
            plannable.layers().stream().map(Candidate::safe).toList(),
            request,
            listener);
    SearchTrials trials = new SearchTrials(predictions, search, images.elements(), request, ledger);
    double budget = request.budget() / 100;
    double z = PairedCounts.quantile(request.confidence());
    PlanSearch.FoundPlan found =
        PlanSearch.of(layers, trials, budget, z, PlanSearch.Effort.THOROUGH)
            .orElseThrow(() -> NoPlanException.beyondBudget(request));
    Optional<Integer> uniform = PlanSearch.uniform(layers, request.widths(), trials, budget, z);
    return measured(images, profiles, found.widths())
        .withNarrower(found.narrower(), uniform)
        .withSearch(trials.searched(found));
  }

  private PlanLayer planLayer(Candidate layer, Map<String, OverflowProfile> profiles) {
    int most = Math.min(layer.safe(), seenBits(profiles, layer));
    int widest = PlannableLayers.enough(request.widths(), most).orElse(request.widths().getLast());
    return new PlanLayer(
        layer.name(),
        request.widths().stream().filter(width -> width <= widest).toList(),
        layer.weight());
  }

  /** Confirms a plan on images that the search did not see. */
  private ChosenPlan measured(
      PlanImages images, Map<String, OverflowProfile> profiles, List<Integer> widths) {
    LayerRegisters registers = registers(widths);
    PlanMeasured confirmed = measure("confirmation", images.confirm(), registers);
    Optional<PlanMeasured> rest =
        request.split().rest() && images.split().rest().length > 0
            ? Optional.of(measure("others", images.rest(), registers))
            : Optional.empty();
    return ChosenPlan.of(model, request, plannable, widths)
        .withData(images, profiles, confirmed, rest);
  }

  /** What the search's images say of a plan under which none of their sums overflows. */
  private PlanSearched clean(NetworkInputs inputs, List<Integer> widths) {
    int images = inputs.images();
    Evaluator evaluator = new Evaluator(model.network(), inputs, request.threads(), listener);
    double exact = evaluator.accuracy(evaluator.exactPredictions()); // and so is the plan's
    long decided =
        IntStream.range(0, widths.size())
            .filter(i -> widths.get(i) < plannable.layers().get(i).safe())
            .count();
    double alpha = 1 - request.confidence();
    double unseen =
        decided == 0 ? 0 : BinomialLimits.scenario(Math.min(decided, images), images, alpha);
    return new PlanSearched(
        images,
        0,
        exact,
        exact,
        100 * new PairedCounts(images, 0, 0).upper(PairedCounts.quantile(request.confidence())),
        Optional.of(100 * unseen));
  }

  private PlanMeasured measure(String what, NetworkInputs inputs, LayerRegisters registers) {
    Evaluator evaluator =
        new Evaluator(
            model.network(),
            inputs,
            request.threads(),
            (step, done, of) -> listener.progress(what + ", " + step, done, of));
    // every register may be wider than any sum can be
    return PlanMeasurement.of(
        inputs,
        evaluator.exactPredictions(),
        evaluator.predictions(registers),
        evaluator.overflowing(registers),
        registers.rules().isEmpty(),
        request);
  }

  /** A register that no input overflows sums exactly. */
  private LayerRegisters registers(List<Integer> widths) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      Candidate layer = plannable.layers().get(i);
      if (widths.get(i) < layer.safe()) {
        rules.put(layer.name(), request.offered().register(widths.get(i)));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }
}
