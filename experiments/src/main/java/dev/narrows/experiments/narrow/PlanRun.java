package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.PlannableLayers.Candidate;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.plan.BinomialLimits;
import dev.narrows.repair.plan.PairedCounts;
import dev.narrows.repair.plan.PlanLayer;
import dev.narrows.repair.plan.PlanSearch;
import dev.narrows.report.Comparison;
import dev.narrows.report.PlanResult.PlanMeasured;
import dev.narrows.report.PlanResult.PlanSearched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
    if (given.sequence()) {
      throw new BadInputException(
          "--data: " + given.name() + " is a sequence, whose inputs are no independent images");
    }
    Network network = model.network();
    int elements = network.inputElements();
    PlanSplit split = PlanSplit.of(given.images(), request.split());
    NetworkInputs inputs = scored(given);
    NetworkInputs search = inputs.subset(elements, split.search());
    Map<String, OverflowProfile> profiles =
        PlannableLayers.seen(
            network, search, request, done -> listener.progress("profiles", done, search.images()));
    boolean agreement = given.labels().isEmpty();
    Parts parts = new Parts(inputs, split, agreement);
    return switch (request.promise()) {
      case ALWAYS -> measured(parts, profiles, proved()).withSearch(clean(search, proved()));
      case CONFIDENCE -> {
        List<Integer> widths = seen(profiles);
        yield measured(parts, profiles, widths).withSearch(clean(search, widths));
      }
      case DATA -> searched(parts, profiles, search, ledger);
    };
  }

  private record Parts(NetworkInputs inputs, PlanSplit split, boolean agreement) {}

  /** Without labels, what exact registers say is right. */
  private NetworkInputs scored(NetworkInputs given) {
    if (given.labels().isPresent()) {
      return given;
    }
    if (request.promise() == PlanRequest.Promise.DATA
        && !NetworkInputs.areClassScores(model.network())) {
      throw new BadInputException(
          "--promise data: %s has no labels, and the network's output is no score for each class; --promise confidence or always needs none"
              .formatted(given.name()));
    }
    Evaluator exact =
        new Evaluator(
            model.network(), given.labelled(new int[given.answers()]), request.threads(), listener);
    return given.labelled(exact.exactPredictions());
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
      Parts parts, Map<String, OverflowProfile> profiles, NetworkInputs search, Optional<Path> file)
      throws IOException {
    List<PlanLayer> layers =
        plannable.layers().stream().map(layer -> planLayer(layer, profiles)).toList();
    TrialLedger ledger =
        file.isPresent() ? TrialLedger.open(file.get(), key(parts)) : TrialLedger.inMemory();
    SearchTrials trials =
        new SearchTrials(
            model.network(),
            search,
            search.labels().orElseThrow(),
            plannable.names(),
            plannable.layers().stream().map(Candidate::safe).toList(),
            request,
            ledger,
            listener);
    double budget = request.budget() / 100;
    double z = PairedCounts.quantile(request.confidence());
    double least = new PairedCounts(search.images(), 0, 0).upper(z);
    if (least > budget) {
      throw new BadInputException(
          "--budget: %d images cannot show a loss below %.3f points, whatever the registers; more images, a larger budget, or --promise confidence"
              .formatted(search.images(), 100 * least));
    }
    PlanSearch.FoundPlan found =
        PlanSearch.of(layers, trials, budget, z)
            .orElseThrow(() ->
                new NoPlanException(
                    "no plan: the widest registers offered, %d bits, lose more than the budget"
                        .formatted(request.widths().getLast())));
    Optional<Integer> uniform = PlanSearch.uniform(layers, request.widths(), trials, budget, z);
    return measured(parts, profiles, found.widths())
        .withNarrower(found.narrower(), uniform)
        .withSearch(
            new PlanSearched(
                search.images(),
                ledger.size(),
                trials.exactAccuracy(),
                trials.exactAccuracy() - 100 * found.counts().loss(),
                100 * found.counts().upper(z),
                Optional.empty()));
  }

  private PlanLayer planLayer(Candidate layer, Map<String, OverflowProfile> profiles) {
    int most = Math.min(layer.safe(), seenBits(profiles, layer));
    int widest = PlannableLayers.enough(request.widths(), most).orElse(request.widths().getLast());
    return new PlanLayer(
        layer.name(),
        request.widths().stream().filter(width -> width <= widest).toList(),
        layer.weight());
  }

  /** Everything that a trial's result depends on. */
  private String key(Parts parts) {
    return "network %s, data %s of %d, seed %d, %d images hash %08x, %s, budget %s, layers %08x"
        .formatted(
            model.id().sha256(),
            parts.inputs().name(),
            parts.inputs().images(),
            request.split().seed(),
            parts.split().search().length,
            Arrays.hashCode(parts.inputs().labels().orElseThrow()),
            request.way().way(),
            request.budget(),
            plannable.names().hashCode());
  }

  /** Confirms a plan on images that the search did not see. */
  private ChosenPlan measured(
      Parts parts, Map<String, OverflowProfile> profiles, List<Integer> widths) {
    int elements = model.network().inputElements();
    LayerRegisters registers = registers(widths);
    PlanSplit split = parts.split();
    PlanMeasured confirmed =
        measure("confirmation", parts.inputs().subset(elements, split.confirm()), registers);
    Optional<PlanMeasured> rest =
        request.split().rest() && split.rest().length > 0
            ? Optional.of(
                measure("others", parts.inputs().subset(elements, split.rest()), registers))
            : Optional.empty();
    return ChosenPlan.of(model, request, plannable, widths)
        .withData(parts.inputs().name(), parts.agreement(), profiles, confirmed, rest);
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
    int overflowing = evaluator.overflowing(registers);
    int[] exact = evaluator.exactPredictions();
    int[] plan = evaluator.predictions(registers);
    Comparison pair = evaluator.compare(LayerRegisters.exact(), registers);
    PairedCounts counts = new PairedCounts(exact.length, pair.onlyFirst(), pair.onlySecond());
    double alpha = 1 - request.confidence();
    boolean never = registers.rules().isEmpty(); // every register is wider than any sum can be
    return new PlanMeasured(
        inputs.images(),
        evaluator.accuracy(exact),
        evaluator.accuracy(plan),
        evaluator.interval(plan),
        100 * counts.loss(),
        100 * counts.upper(PairedCounts.quantile(request.confidence())),
        new Comparison("exact", "plan", pair.onlyFirst(), pair.onlySecond(), pair.p()),
        overflowing,
        never ? 0 : 100 * BinomialLimits.upper(overflowing, inputs.images(), alpha));
  }

  /** A register that no input overflows sums exactly. */
  private LayerRegisters registers(List<Integer> widths) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      Candidate layer = plannable.layers().get(i);
      if (widths.get(i) < layer.safe()) {
        rules.put(layer.name(), request.way().withBits(widths.get(i)));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }
}
