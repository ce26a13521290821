package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.recipe.DataChoice;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Model;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.PhaseOrder;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.SmallestWidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Figure 3 of PQS: a two-layer network, pruned before quantisation (P→Q) against after it (Q→P), by
 * N:M pruning at rising sparsity and by approximation of low rank.
 */
public final class PqsFigure3 implements Figure {
  static final Prose PROSE = Prose.of(PqsFigure3.class, "pqs-fig3");

  private static final int GROUP = 16;
  private static final int NARROWEST = 12;
  private static final int WIDEST = 22;

  /** The width at which the share of overflows is shown. */
  static final int SHOWN = 17;

  private static final Summation CLIPPED =
      new Summation(new Saturating(SHOWN), new SummationOrder.Sequential());
  private static final Summation RESOLVED =
      new Summation(new Resolved(SHOWN, false), new SummationOrder.Sequential());

  static final double ALLOWED_LOSS = 1;
  static final List<String> ORDERS = List.of("P→Q", "Q→P");

  @Override
  public String name() {
    return "pqs-fig3";
  }

  @Override
  public String title() {
    return "PQS, Figure 3: pruning before or after quantisation in a two-layer network";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    PqsFigure3Plan plan = PqsFigure3Plan.of(workshop.scale());
    List<NetworkFile> networks = new ArrayList<>();
    List<ModelFile> dense = new ArrayList<>();
    List<PrunedOutcome> unpruned = new ArrayList<>();
    for (long seed : plan.seeds()) {
      ModelFile model = workshop.trained(dense(plan, seed));
      dense.add(model);
      networks.add(model.id());
      unpruned.add(outcome(workshop, model, model, plan));
    }
    PruningSweep pruned = pruned(workshop, plan, networks);
    PruningSweep lowRank = lowRank(workshop, plan, dense);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PqsFigure3Page.about(plan),
        PqsFigure3Page.claims(pruned, lowRank),
        List.of(
            PqsFigure3Page.grid(
                "N:16 pruning, by sparsity in percent", "sparsity %", pruned, unpruned, 0),
            PqsFigure3Page.grid("First layer of rank r", "rank", lowRank, unpruned, plan.hidden())),
        PqsFigure3Page.charts(pruned, lowRank),
        PqsFigure3Page.notes(workshop.scale(), unpruned),
        networks);
  }

  private PruningSweep pruned(Workshop workshop, PqsFigure3Plan plan, List<NetworkFile> networks)
      throws IOException {
    Map<Double, Map<String, PrunedOutcomes>> cells = new LinkedHashMap<>();
    for (int keep : plan.kept()) {
      Map<String, PrunedOutcomes> byOrder = new LinkedHashMap<>();
      for (String order : ORDERS) {
        List<PrunedOutcome> outcomes = new ArrayList<>();
        for (long seed : plan.seeds()) {
          ModelFile model = workshop.trained(pruned(plan, keep, phaseOrder(order), seed));
          networks.add(model.id());
          outcomes.add(outcome(workshop, model, model, plan));
        }
        byOrder.put(order, new PrunedOutcomes(outcomes));
      }
      cells.put(100.0 * (GROUP - keep) / GROUP, byOrder);
    }
    return new PruningSweep(cells);
  }

  private static PhaseOrder phaseOrder(String order) {
    return order.equals("P→Q") ? PhaseOrder.PRUNE_THEN_QUANTIZE : PhaseOrder.QUANTIZE_THEN_PRUNE;
  }

  static PruningSweep lowRank(Workshop workshop, PqsFigure3Plan plan, List<ModelFile> dense)
      throws IOException {
    List<LowRankDense> lowRank =
        dense.stream().map(model -> new LowRankDense(model.network())).toList();
    Map<Double, Map<String, PrunedOutcomes>> cells = new LinkedHashMap<>();
    for (int rank : plan.ranks()) {
      List<PrunedOutcome> before = new ArrayList<>();
      List<PrunedOutcome> after = new ArrayList<>();
      for (int i = 0; i < dense.size(); i++) {
        String tail = "rank%d-%d".formatted(rank, plan.seeds().get(i));
        before.add(
            outcome(
                workshop,
                workshop.derived("pq-" + tail, lowRank.get(i).beforeQuantization(rank)),
                dense.get(i),
                plan));
        after.add(
            outcome(
                workshop,
                workshop.derived("qp-" + tail, lowRank.get(i).afterQuantization(rank)),
                dense.get(i),
                plan));
      }
      Map<String, PrunedOutcomes> byOrder = new LinkedHashMap<>();
      byOrder.put("P→Q", new PrunedOutcomes(before));
      byOrder.put("Q→P", new PrunedOutcomes(after));
      cells.put((double) rank, byOrder);
    }
    return new PruningSweep(cells);
  }

  /** Trained in float and then for integers. */
  private static Recipe recipe(PqsFigure3Plan plan, String name, int floatEpochs, long seed) {
    return Recipe.of(
            Model.MLP2,
            DataChoice.of(plan.set()).withLimit(plan.limit()).withValidation(plan.validation()),
            IntegerNumbers.of(8, 8).withExclude(Set.of()))
        .withName(name)
        .withWidth(plan.hidden())
        .withPreprocess("unit")
        .withThreads(1)
        .withSeed(seed)
        .withPhases(
            Phases.NONE
                .withFloating(adam(floatEpochs, 1e-3))
                .withQuantize(adam(plan.quantizeEpochs(), 2e-4)));
  }

  /** As many epochs as the pruned networks have in all. */
  static Recipe dense(PqsFigure3Plan plan, long seed) {
    return recipe(plan, "dense", plan.floatEpochs() + plan.pruneEpochs(), seed);
  }

  static Recipe pruned(PqsFigure3Plan plan, int keep, PhaseOrder order, long seed) {
    String prefix = order == PhaseOrder.PRUNE_THEN_QUANTIZE ? "pq-" : "qp-";
    Recipe whole = recipe(plan, prefix + keep + "of" + GROUP, plan.floatEpochs(), seed);
    return whole
        .withPruning(Pruning.of(keep, GROUP))
        .withOrder(order)
        .withPhases(whole.phases().withPrune(adam(plan.pruneEpochs(), 5e-4)));
  }

  private static Phase adam(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.ADAM, rate).withWeightDecay(0);
  }

  /**
   * What a network can do.
   *
   * @param trained the run whose validation images are used; its network takes the same inputs
   */
  private static PrunedOutcome outcome(
      Workshop workshop, ModelFile model, ModelFile trained, PqsFigure3Plan plan)
      throws IOException {
    List<String> accumulators = new ArrayList<>(List.of("exact"));
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      accumulators.add(CLIPPED.withBits(bits).toString());
      accumulators.add(RESOLVED.withBits(bits).toString());
    }
    EvaluationResult some =
        workshop.evaluated(
            model,
            workshop.inputs(trained, plan.set(), Split.VALIDATION, OptionalInt.of(plan.images())),
            accumulators);
    double reference = some.results().getFirst().accuracy() - ALLOWED_LOSS;
    int clipping = smallest(some, CLIPPED, reference);
    int sorted = smallest(some, RESOLVED, reference);
    List<Double> accuracies =
        workshop
            .evaluated(
                model,
                workshop.inputs(trained, plan.set(), Split.TEST, OptionalInt.empty()),
                List.of(
                    "exact",
                    CLIPPED.withBits(clipping).toString(),
                    RESOLVED.withBits(sorted).toString()))
            .results()
            .stream()
            .map(AccumulatorResult::accuracy)
            .toList();
    AccumulatorResult shown =
        workshop
            .classified(
                model,
                workshop.inputs(trained, plan.set(), Split.TEST, OptionalInt.of(plan.images())),
                List.of(CLIPPED.withBits(SHOWN).toString()))
            .results()
            .getFirst();
    return new PrunedOutcome(
        accuracies.get(0),
        clipping,
        accuracies.get(1),
        sorted,
        accuracies.get(2),
        shown.classes().map(c -> c.share(c.transientDots() + c.persistent())).orElseThrow());
  }

  /** The widest one shown if none is enough; {@link #WIDEST} holds every sum of these networks. */
  private static int smallest(EvaluationResult result, Summation way, double atLeast) {
    NavigableMap<Integer, Double> accuracies = new TreeMap<>();
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      int width = bits;
      result.in(way.withBits(bits)).ifPresent(row -> accuracies.put(width, row.accuracy()));
    }
    return SmallestWidth.of(accuracies, atLeast).orElse(WIDEST);
  }

  static PrunedOutcomes cell(Map<String, PrunedOutcomes> orders, String order) {
    PrunedOutcomes cell = orders.get(order);
    if (cell == null) {
      throw new IllegalStateException("no outcome for " + order);
    }
    return cell;
  }
}
