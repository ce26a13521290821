package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code narrows/plan/1}: a register for each layer, chosen together.
 *
 * @param network the file, or the repaired one
 * @param dataset absent where the promise needs none
 * @param promise always, data or confidence
 * @param scored accuracy, or agreement with exact registers where there are no labels
 * @param way how registers sum, as text without a width
 * @param budget the greatest loss, in points; only the promise "data" may lose any
 * @param confidence of every bound that a sample gives, in percent
 * @param seed of the split
 * @param held whether the plan kept its promise where it was confirmed
 * @param sentence what came out, in words
 * @param layers in the order of the network
 * @param exact layers that keep registers of their own
 * @param totals what the registers cost, by what is counted; the first is what was searched by
 * @param uniform the narrowest width that all layers together can have on the same terms
 * @param search what the search saw; absent without data
 * @param confirmed what other images say; absent without data
 * @param rest all other images, where asked for
 * @param repair what the network was repaired from, if it was
 * @param next what to type next
 */
public record PlanResult(
    NetworkFile network,
    Optional<String> dataset,
    String promise,
    String scored,
    String way,
    double budget,
    double confidence,
    long seed,
    boolean held,
    String sentence,
    List<PlannedLayer> layers,
    List<String> exact,
    List<PlanTotal> totals,
    Optional<Integer> uniform,
    Optional<PlanSearched> search,
    Optional<PlanMeasured> confirmed,
    Optional<PlanMeasured> rest,
    Optional<PlanRepair> repair,
    List<String> next)
    implements Result {
  private static final String BEFORE = "unrepaired";

  /** Copies the lists. */
  public PlanResult {
    layers = List.copyOf(layers);
    exact = List.copyOf(exact);
    totals = List.copyOf(totals);
    next = List.copyOf(next);
  }

  /**
   * One layer and its register.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param terms K: how many products one sum adds
   * @param macs multiplications of one image
   * @param register in text form
   * @param bits its width
   * @param own bits of the register that the file's runtime sums in
   * @param dataType the width of the data-type rule
   * @param safe the width that no input overflows, in any order
   * @param seen the width that no sum of the search's images exceeded
   * @param promise of this register alone: always (no input overflows it), seen (no sum of the
   *     search's images did), data (some did, and accuracy holds)
   * @param bound what keeps it from being narrower: proof, seen, budget, or offered
   * @param reason the same in words
   * @param overflowing dot products of the search's images that overflow, in percent
   * @param before the width that no input overflowed before the layer was repaired, if it was
   */
  public record PlannedLayer(
      String name,
      String kind,
      int terms,
      long macs,
      String register,
      int bits,
      int own,
      int dataType,
      int safe,
      Optional<Integer> seen,
      String promise,
      String bound,
      String reason,
      Optional<Double> overflowing,
      Optional<Integer> before) {}

  /**
   * What a repair began with.
   *
   * @param original the file that was repaired
   * @param calibration the set that it looked at
   * @param images how many images of it
   */
  public record PlanRepair(NetworkFile original, String calibration, int images) {}

  /**
   * The sum of all registers' bits, each by a weight.
   *
   * @param counted bits, macs, or the file of weights
   * @param plan of this plan
   * @param own of the registers that the file's runtime sums in
   * @param dataType of registers by the data-type rule, one a layer
   * @param uniform of the plan's {@code uniform} width in every layer; absent likewise
   */
  public record PlanTotal(
      String counted, double plan, double own, double dataType, Optional<Double> uniform) {
    private static String saved(double plan, double of) {
      return String.format(Locale.ROOT, "%.1f", 100 * (1 - plan / of));
    }

    /** How much less the plan costs than the file's own registers, in percent. */
    public double savedOfOwn() {
      return 100 * (1 - plan / own);
    }
  }

  /**
   * What the search saw.
   *
   * @param images that it looked at
   * @param trials plans that it ran
   * @param exactAccuracy in exact registers, in percent
   * @param accuracy of the plan, in percent
   * @param upper the one-sided upper limit of the loss, in points
   * @param unseen the share of unseen images of which some sum overflows is at most this, in
   *     percent: the scenario bound; only where nothing overflowed in the search
   */
  public record PlanSearched(
      int images,
      int trials,
      double exactAccuracy,
      double accuracy,
      double upper,
      Optional<Double> unseen) {}

  /**
   * The plan on images that the search did not see.
   *
   * @param images how many there are
   * @param exactAccuracy in exact registers, in percent
   * @param accuracy of the plan, in percent
   * @param interval of the plan's accuracy, by Wilson
   * @param loss in points
   * @param upper the one-sided upper limit of the loss, in points
   * @param pair the plan against exact registers
   * @param overflowing how many of these images have a sum that overflows
   * @param unseen the share of unseen images of which some sum overflows is at most this, in
   *     percent: Clopper and Pearson's bound
   */
  public record PlanMeasured(
      int images,
      double exactAccuracy,
      double accuracy,
      Interval interval,
      double loss,
      double upper,
      Comparison pair,
      int overflowing,
      double unseen) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.PLAN;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(plan());
    tables.add(costs());
    if (search.isPresent()) {
      tables.add(images());
    }
    if (!next.isEmpty()) {
      Table typed = new Table("What to type next", List.of("command"));
      next.forEach(typed::row);
      tables.add(typed);
    }
    return tables;
  }

  private Table plan() {
    Table table =
        new Table(
            "Registers",
            List.of(
                "layer", "bits", "promise", "safe", BEFORE, "seen", "rule", "what keeps it there"));
    for (PlannedLayer layer : layers) {
      table.row(
          layer.name(),
          layer.bits(),
          layer.promise(),
          layer.safe(),
          layer.before().map(String::valueOf).orElse(""),
          layer.seen().map(String::valueOf).orElse(""),
          layer.dataType(),
          layer.reason());
    }
    List<String> lead = new ArrayList<>(List.of(sentence + kept(), ""));
    lead.addAll(PlanPicture.of(layers));
    return table.withoutEmpty(BEFORE).led(lead);
  }

  private String kept() {
    return exact.isEmpty()
        ? ""
        : exact.stream().collect(Collectors.joining(" ", "; registers of their own: ", ""));
  }

  private Table costs() {
    Table table =
        new Table(
            "What the registers cost: the file's own, by the data-type rule, one width for all"
                + uniform.map(bits -> " (" + bits + " bits)").orElse(""),
            List.of(
                "counted", "plan", "own", "saved %", "rule", "saved %", "one width", "saved %"));
    for (PlanTotal total : totals) {
      table.row(
          total.counted(),
          number(total.plan()),
          number(total.own()),
          PlanTotal.saved(total.plan(), total.own()),
          number(total.dataType()),
          PlanTotal.saved(total.plan(), total.dataType()),
          total.uniform().map(PlanResult::number).orElse(""),
          total.uniform().map(of -> PlanTotal.saved(total.plan(), of)).orElse(""));
    }
    return table;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private Table images() {
    Table table =
        new Table(
            "%s before and after: in percent; loss in points, with its %s %% upper limit; images with an overflow, and the same of unseen images"
                .formatted(
                    scored.substring(0, 1).toUpperCase(Locale.ROOT) + scored.substring(1),
                    number(confidence)),
            List.of(
                "images",
                "number",
                "before",
                "after",
                "95 %",
                "loss",
                "at most",
                "p",
                "overflowing",
                "% at most"));
    search.ifPresent(seen ->
        table.row(
            "search",
            seen.images(),
            Table.percent(seen.exactAccuracy()),
            Table.percent(seen.accuracy()),
            "",
            Table.percent(seen.exactAccuracy() - seen.accuracy()),
            Table.percent(seen.upper()),
            "",
            seen.unseen().map(_ -> "0").orElse(""),
            seen.unseen().map(Table::percent).orElse("")));
    confirmed.ifPresent(seen -> row(table, "confirmation", seen));
    rest.ifPresent(seen -> row(table, "all others", seen));
    return table;
  }

  private static void row(Table table, String name, PlanMeasured seen) {
    table.row(
        name,
        seen.images(),
        Table.percent(seen.exactAccuracy()),
        Table.percent(seen.accuracy()),
        seen.interval().text(),
        Table.percent(seen.loss()),
        Table.percent(seen.upper()),
        Comparison.probability(seen.pair().p()),
        seen.overflowing(),
        Table.percent(seen.unseen()));
  }
}
