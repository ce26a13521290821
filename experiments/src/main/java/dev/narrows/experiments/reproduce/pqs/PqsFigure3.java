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
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import dev.narrows.report.SmallestWidth;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Figure 3 of PQS: a two-layer network, pruned before quantisation (P→Q) against after it (Q→P), by
 * N:M pruning at rising sparsity and by approximation of low rank.
 */
public final class PqsFigure3 implements Figure {
  private static final Prose PROSE = Prose.of(PqsFigure3.class, "pqs-fig3");

  private static final int GROUP = 16;
  private static final int NARROWEST = 12;
  private static final int WIDEST = 22;

  /** The width at which the share of overflows is shown. */
  private static final int SHOWN = 17;

  private static final Summation CLIPPED =
      new Summation(new Saturating(SHOWN), new SummationOrder.Sequential());
  private static final Summation RESOLVED =
      new Summation(new Resolved(SHOWN, false), new SummationOrder.Sequential());

  private static final double ALLOWED_LOSS = 1;
  private static final List<String> ORDERS = List.of("P→Q", "Q→P");

  /**
   * How much is done.
   *
   * @param kept N of N:16
   * @param images validation images that widths are chosen on, and test images that overflows are
   *     counted on; accuracies are of all test images
   */
  private record Size(
      String set,
      int limit,
      int validation,
      int hidden,
      List<Long> seeds,
      List<Integer> kept,
      List<Integer> ranks,
      int floatEpochs,
      int pruneEpochs,
      int quantizeEpochs,
      int images) {
    static Size of(Scale scale) {
      return switch (scale) {
        case SMOKE ->
            new Size(
                "fashion-small",
                3000,
                500,
                32,
                List.of(1L),
                List.of(8, 2),
                List.of(2, 8),
                3,
                2,
                1,
                500);
        case TWO_CORE ->
            new Size(
                "mnist",
                20_000,
                5000,
                128,
                List.of(1L, 2L, 3L),
                List.of(8, 4, 2, 1),
                List.of(1, 2, 4, 8, 16, 32, 64),
                4,
                4,
                2,
                2000);
      };
    }
  }

  /**
   * One network.
   *
   * @param exact accuracy in exact registers on all test images, in percent
   * @param clipping the smallest saturating register in natural order that is enough on validation
   *     images
   * @param clipped accuracy in that register on all test images, in percent
   * @param sorted the smallest that is enough if the exact sum is clamped, as sorting gives
   * @param clamped accuracy in that register on all test images, in percent
   * @param overflows dot products of all layers that overflow at {@link #SHOWN} bits, in percent
   */
  private record Outcome(
      double exact, int clipping, double clipped, int sorted, double clamped, double overflows) {}

  /** A setting in one order, over the seeds. */
  private record Cell(List<Outcome> outcomes) {
    Spread exact() {
      return Spread.of(outcomes, Outcome::exact);
    }

    Spread clipping() {
      return Spread.of(outcomes, Outcome::clipping);
    }

    Spread clipped() {
      return Spread.of(outcomes, Outcome::clipped);
    }

    Spread sorted() {
      return Spread.of(outcomes, Outcome::sorted);
    }

    Spread clamped() {
      return Spread.of(outcomes, Outcome::clamped);
    }

    Spread overflows() {
      return Spread.of(outcomes, Outcome::overflows);
    }
  }

  /** By setting (sparsity or rank), then by order. */
  private record Sweep(Map<Double, Map<String, Cell>> cells) {
    static Spread gain(Map<String, Cell> orders) {
      List<Double> gains = new ArrayList<>();
      List<Outcome> before = cell(orders, "P→Q").outcomes();
      List<Outcome> after = cell(orders, "Q→P").outcomes();
      for (int i = 0; i < before.size(); i++) {
        gains.add(before.get(i).exact() - after.get(i).exact()); // seeds are paired
      }
      return Spread.of(gains, Double::doubleValue);
    }
  }

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
    Size size = Size.of(workshop.scale());
    List<NetworkFile> networks = new ArrayList<>();
    List<ModelFile> dense = new ArrayList<>();
    List<Outcome> unpruned = new ArrayList<>();
    for (long seed : size.seeds()) {
      ModelFile model = workshop.trained(dense(size, seed));
      dense.add(model);
      networks.add(model.id());
      unpruned.add(outcome(workshop, model, model, size));
    }
    Sweep pruned = pruned(workshop, size, networks);
    Sweep lowRank = lowRank(workshop, size, dense);
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        about(size),
        claims(pruned, lowRank),
        List.of(
            grid("N:16 pruning, by sparsity in percent", "sparsity %", pruned, unpruned, 0),
            grid("First layer of rank r", "rank", lowRank, unpruned, size.hidden())),
        charts(pruned, lowRank),
        notes(workshop.scale(), unpruned),
        networks);
  }

  private Sweep pruned(Workshop workshop, Size size, List<NetworkFile> networks)
      throws IOException {
    Map<Double, Map<String, Cell>> cells = new LinkedHashMap<>();
    for (int keep : size.kept()) {
      Map<String, Cell> byOrder = new LinkedHashMap<>();
      for (String order : ORDERS) {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed : size.seeds()) {
          ModelFile model = workshop.trained(pruned(size, keep, phaseOrder(order), seed));
          networks.add(model.id());
          outcomes.add(outcome(workshop, model, model, size));
        }
        byOrder.put(order, new Cell(outcomes));
      }
      cells.put(100.0 * (GROUP - keep) / GROUP, byOrder);
    }
    return new Sweep(cells);
  }

  private static PhaseOrder phaseOrder(String order) {
    return order.equals("P→Q") ? PhaseOrder.PRUNE_THEN_QUANTIZE : PhaseOrder.QUANTIZE_THEN_PRUNE;
  }

  private static Sweep lowRank(Workshop workshop, Size size, List<ModelFile> dense)
      throws IOException {
    Map<Double, Map<String, Cell>> cells = new LinkedHashMap<>();
    for (int rank : size.ranks()) {
      List<Outcome> before = new ArrayList<>();
      List<Outcome> after = new ArrayList<>();
      for (int i = 0; i < dense.size(); i++) {
        String tail = "rank%d-%d".formatted(rank, size.seeds().get(i));
        before.add(
            outcome(
                workshop,
                workshop.derived(
                    "pq-" + tail, LowRankDense.beforeQuantization(dense.get(i).network(), rank)),
                dense.get(i),
                size));
        after.add(
            outcome(
                workshop,
                workshop.derived(
                    "qp-" + tail, LowRankDense.afterQuantization(dense.get(i).network(), rank)),
                dense.get(i),
                size));
      }
      Map<String, Cell> byOrder = new LinkedHashMap<>();
      byOrder.put("P→Q", new Cell(before));
      byOrder.put("Q→P", new Cell(after));
      cells.put((double) rank, byOrder);
    }
    return new Sweep(cells);
  }

  /** Trained in float and then for integers. */
  private static Recipe recipe(Size size, String name, int floatEpochs, long seed) {
    return Recipe.of(
            Model.MLP2,
            DataChoice.of(size.set()).withLimit(size.limit()).withValidation(size.validation()),
            IntegerNumbers.of(8, 8).withExclude(Set.of()))
        .withName(name)
        .withWidth(size.hidden())
        .withPreprocess("unit")
        .withThreads(1)
        .withSeed(seed)
        .withPhases(
            Phases.NONE
                .withFloating(adam(floatEpochs, 1e-3))
                .withQuantize(adam(size.quantizeEpochs(), 2e-4)));
  }

  /** As many epochs as the pruned networks have in all. */
  private static Recipe dense(Size size, long seed) {
    return recipe(size, "dense", size.floatEpochs() + size.pruneEpochs(), seed);
  }

  private static Recipe pruned(Size size, int keep, PhaseOrder order, long seed) {
    String prefix = order == PhaseOrder.PRUNE_THEN_QUANTIZE ? "pq-" : "qp-";
    Recipe whole = recipe(size, prefix + keep + "of" + GROUP, size.floatEpochs(), seed);
    return whole
        .withPruning(Pruning.of(keep, GROUP))
        .withOrder(order)
        .withPhases(whole.phases().withPrune(adam(size.pruneEpochs(), 5e-4)));
  }

  private static Phase adam(int epochs, double rate) {
    return Phase.of(epochs, Phase.Optimizer.ADAM, rate).withWeightDecay(0);
  }

  /**
   * What a network can do.
   *
   * @param trained the run whose validation images are used; its network takes the same inputs
   */
  private static Outcome outcome(Workshop workshop, ModelFile model, ModelFile trained, Size size)
      throws IOException {
    List<String> accumulators = new ArrayList<>(List.of("exact"));
    for (int bits = NARROWEST; bits <= WIDEST; bits++) {
      accumulators.add(CLIPPED.withBits(bits).toString());
      accumulators.add(RESOLVED.withBits(bits).toString());
    }
    EvaluationResult some =
        workshop.evaluated(
            model,
            workshop.inputs(trained, size.set(), Split.VALIDATION, OptionalInt.of(size.images())),
            accumulators);
    double reference = some.results().getFirst().accuracy() - ALLOWED_LOSS;
    int clipping = smallest(some, CLIPPED, reference);
    int sorted = smallest(some, RESOLVED, reference);
    List<Double> accuracies =
        workshop
            .evaluated(
                model,
                workshop.inputs(trained, size.set(), Split.TEST, OptionalInt.empty()),
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
                workshop.inputs(trained, size.set(), Split.TEST, OptionalInt.of(size.images())),
                List.of(CLIPPED.withBits(SHOWN).toString()))
            .results()
            .getFirst();
    return new Outcome(
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

  private static String about(Size size) {
    return PROSE.text(
        "about",
        "hidden",
        size.hidden(),
        "limit",
        size.limit(),
        "set",
        size.set(),
        "seeds",
        size.seeds().size() == 1
            ? "one seed"
            : "mean of " + size.seeds().size() + " seeds (least to greatest)",
        "allowed",
        ALLOWED_LOSS,
        "images",
        size.images());
  }

  private static Grid grid(
      String title, String setting, Sweep sweep, List<Outcome> unpruned, double unprunedAt) {
    boolean whole = sweep.cells().keySet().stream().allMatch(at -> at == Math.rint(at));
    List<List<Object>> rows = new ArrayList<>();
    rows.add(row(unprunedAt, whole, "dense", new Cell(unpruned)));
    sweep
        .cells()
        .forEach(
            (at, orders) -> orders.forEach((order, cell) -> rows.add(row(at, whole, order, cell))));
    return new Grid(
        title,
        List.of(
            setting,
            "order",
            "accuracy % in exact registers",
            "bits, clipping",
            "accuracy % in it",
            "bits, sorted",
            "accuracy % in it",
            "overflows at " + SHOWN + " bits, % of dots"),
        rows);
  }

  private static List<Object> row(double setting, boolean whole, String order, Cell cell) {
    return List.of(
        whole ? (Object) (int) setting : (Object) setting,
        order,
        cell.exact().text(),
        cell.clipping().text(),
        cell.clipped().text(),
        cell.sorted().text(),
        cell.clamped().text(),
        cell.overflows().text());
  }

  private static List<Chart> charts(Sweep pruned, Sweep lowRank) {
    return List.of(
        chart("accuracy-sparsity", "Accuracy against sparsity", "sparsity, %", pruned, true),
        chart("bits-sparsity", "Smallest register against sparsity", "sparsity, %", pruned, false),
        chart("accuracy-rank", "Accuracy against rank of the first layer", "rank", lowRank, true),
        chart("bits-rank", "Smallest register against rank", "rank", lowRank, false));
  }

  private static Chart chart(String id, String title, String x, Sweep sweep, boolean accuracy) {
    List<Series> series = new ArrayList<>();
    for (String order : ORDERS) {
      if (accuracy) {
        series.add(
            new Series(
                order,
                false,
                sweep.cells().entrySet().stream()
                    .map(e -> cell(e.getValue(), order).exact().at(e.getKey()))
                    .toList()));
      } else {
        series.add(
            new Series(
                order + ", clipping",
                false,
                sweep.cells().entrySet().stream()
                    .map(e -> cell(e.getValue(), order).clipping().at(e.getKey()))
                    .toList()));
        series.add(
            new Series(
                order + ", sorted",
                false,
                sweep.cells().entrySet().stream()
                    .map(e -> cell(e.getValue(), order).sorted().at(e.getKey()))
                    .toList()));
      }
    }
    return new Chart(id, title, x, accuracy ? "accuracy, %" : "bits", series);
  }

  private static Cell cell(Map<String, Cell> orders, String order) {
    Cell cell = orders.get(order);
    if (cell == null) {
      throw new IllegalStateException("no outcome for " + order);
    }
    return cell;
  }

  private static List<PaperClaim> claims(Sweep pruned, Sweep lowRank) {
    return List.of(
        PaperClaim.ofOurs(
            "N:16 pruning: P→Q minus Q→P, points of accuracy, by sparsity", gains(pruned, "%")),
        PaperClaim.ofOurs(
            "low rank: P→Q minus Q→P, points of accuracy, by rank", gains(lowRank, "")));
  }

  private static String gains(Sweep sweep, String unit) {
    return sweep.cells().entrySet().stream()
        .map(e ->
            "%s%s: %s"
                .formatted(
                    new BigDecimal(e.getKey()).stripTrailingZeros().toPlainString(),
                    unit.isEmpty() ? "" : " " + unit,
                    Sweep.gain(e.getValue()).text()))
        .collect(Collectors.joining("; "));
  }

  private static List<String> notes(Scale scale, List<Outcome> unpruned) {
    List<String> notes = new ArrayList<>();
    if (scale == Scale.SMOKE) {
      notes.add(PROSE.text("smoke"));
    }
    notes.add(PROSE.text("no figures"));
    notes.add(
        PROSE.text(
            "dense",
            "exact",
            Spread.of(unpruned, Outcome::exact).text(),
            "clipping",
            Spread.of(unpruned, Outcome::clipping).text(),
            "sorted",
            Spread.of(unpruned, Outcome::sorted).text()));
    return notes;
  }
}
