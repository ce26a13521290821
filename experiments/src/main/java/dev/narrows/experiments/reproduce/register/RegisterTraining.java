package dev.narrows.experiments.reproduce.register;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.reproduce.a2q.A2qTrials;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Training through the register beside training that avoids overflow: accuracy against width for
 * ordinary quantisation-aware training, A2Q+, and networks fine-tuned through a sorted and through
 * a natural-order saturating register; each run in several orders.
 *
 * <p>No paper has this figure; A2Q+'s is one of its lines.
 */
public final class RegisterTraining implements Figure {
  private static final Prose PROSE = Prose.of(RegisterTraining.class, "register-training");

  private static final Map<String, String> ORDERS = new LinkedHashMap<>();

  static {
    ORDERS.put("sorted", "saturate:sorted");
    ORDERS.put("natural", "saturate");
    ORDERS.put("reversed", "saturate:reversed");
    ORDERS.put("tiled", "saturate:tiles(16)");
    ORDERS.put("wrap", "wrap");
  }

  private static final long FIRST_SEED = 1;
  private static final long SECOND_SEED = 2;
  private static final String QAT = "quantisation-aware";
  private static final String SORTED = "through sorted";
  private static final String NATURAL = "through natural order";

  /** Methods under which nothing overflows. */
  private static final List<LimitMethod> LIMITED =
      List.of(LimitMethod.A2Q_PLUS, LimitMethod.SIGN_SUM);

  /**
   * What is trained at a scale.
   *
   * @param registers widths trained through
   * @param constrained widths that A2Q+ and sign-sum guarantee
   * @param again widths trained through with a second seed
   * @param start epochs of quantisation-aware training that all but A2Q+ share
   * @param more epochs after that; A2Q+ and the exact twin train as long in all
   */
  private record Plan(
      TestBed bed,
      List<Integer> registers,
      List<Integer> constrained,
      List<Integer> again,
      int start,
      int more) {
    static Plan of(Scale scale) {
      return switch (scale) {
        case SMOKE ->
            new Plan(
                TestBed.of(scale, TestBed.resnet20()),
                List.of(9, 8),
                List.of(11, 10),
                List.of(),
                1,
                2);
        case TWO_CORE ->
            new Plan(
                TestBed.of(scale, TestBed.resnet20()),
                List.of(10, 9, 8),
                List.of(13, 12, 11, 10),
                List.of(10),
                1,
                2);
      };
    }

    List<Long> seeds() {
      return again.isEmpty() ? List.of(FIRST_SEED) : List.of(FIRST_SEED, SECOND_SEED);
    }

    List<Integer> registers(long seed) {
      return seed == FIRST_SEED ? registers : again;
    }

    List<Integer> constrained(long seed) {
      return seed == FIRST_SEED ? constrained : List.of();
    }

    /** A step on the way where the register is so narrow that most sums would start clamped. */
    List<Integer> steps(int bits) {
      return bits <= 8 ? List.of(bits + 1, bits) : List.of(bits);
    }

    int epochs(int bits) {
      return bits <= 8 ? more / 2 : more;
    }
  }

  private static String register(String order, int bits) {
    return Summation.parseWay(ORDERS.getOrDefault(order, order), bits).toString();
  }

  /** Accuracies of one network by accumulator text. */
  private record Line(String method, int bits, long seed, Map<String, AccumulatorResult> rows) {
    double accuracy(String order) {
      return at(bits, order);
    }

    double at(int width, String order) {
      return in(register(order, width));
    }

    double exact() {
      return in("exact");
    }

    private double in(String accumulator) {
      AccumulatorResult row = rows.get(accumulator);
      if (row == null) {
        throw new IllegalStateException(method + " was not run in " + accumulator);
      }
      return row.accuracy();
    }
  }

  @Override
  public String name() {
    return "register-training";
  }

  @Override
  public String family() {
    return "accumulator-aware";
  }

  @Override
  public String title() {
    return "Training through the register, beside training that avoids overflow";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Plan plan = Plan.of(workshop.scale());
    TestBed bed = plan.bed();
    List<Line> lines = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    List<Double> floats = new ArrayList<>();
    for (long seed : plan.seeds()) {
      bed.prepare(workshop, seed);
      workshop.trained(bed.fromFloat("start", seed).quantize(plan.start()).recipe());
      ModelFile twin =
          workshop.trained(bed.from("start", "twin", seed).quantize(plan.more()).recipe());
      twin.stored().flatMap(EvaluationResult::floatAccuracy).ifPresent(floats::add);
      lines.add(line(workshop, plan, twin, QAT, 0, seed, networks));
      for (int bits : plan.registers(seed)) {
        for (String method : List.of(SORTED, NATURAL)) {
          String order = method.equals(SORTED) ? "sorted" : "natural";
          ModelFile model =
              workshop.trained(
                  bed.from("start", order + "-" + bits, seed)
                      .register(register(order, bits), plan.steps(bits), plan.epochs(bits))
                      .recipe());
          lines.add(line(workshop, plan, model, method, bits, seed, networks));
        }
      }
      for (int bits : plan.constrained(seed)) {
        for (LimitMethod method : LIMITED) {
          ModelFile model =
              workshop.trained(
                  A2qTrials.limited(bed, method, 4, 4, bits, "ep", plan.start() + plan.more(), seed)
                      .recipe());
          lines.add(line(workshop, plan, model, method.toString(), bits, seed, networks));
        }
      }
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        about(plan, Spread.of(floats, f -> f)),
        claims(plan, lines),
        List.of(grid(lines), ordinary(plan, lines)),
        List.of(chart(plan, lines)),
        notes(workshop.scale(), plan, lines),
        networks);
  }

  private static Line line(
      Workshop workshop,
      Plan plan,
      ModelFile model,
      String method,
      int bits,
      long seed,
      List<NetworkFile> networks)
      throws IOException {
    List<String> asked = new ArrayList<>(List.of("exact"));
    if (method.equals(QAT)) {
      for (int width : plan.registers()) {
        for (String order : List.of("sorted", "natural", "wrap")) {
          asked.add(register(order, width));
        }
      }
    } else {
      ORDERS.keySet().forEach(order -> asked.add(register(order, bits)));
    }
    networks.add(model.id());
    EvaluationResult result =
        workshop.evaluated(
            model,
            workshop.inputs(model, plan.bed().set(), Split.TEST, OptionalInt.empty()),
            asked);
    Map<String, AccumulatorResult> rows = new LinkedHashMap<>();
    result.results().forEach(row -> rows.put(row.accumulator(), row));
    return new Line(method, bits, seed, rows);
  }

  private static List<Line> of(List<Line> lines, String method, int bits) {
    return lines.stream().filter(l -> l.method().equals(method) && l.bits() == bits).toList();
  }

  private static Spread accuracy(List<Line> lines, String method, int bits, String order) {
    return Spread.of(of(lines, method, bits), line -> line.accuracy(order));
  }

  private static Spread twin(List<Line> lines) {
    return Spread.of(of(lines, QAT, 0), Line::exact);
  }

  /** How much better networks are than the twins of their seeds. */
  private static double lead(List<Line> lines, String method, int bits, String order) {
    return Spread.of(
            of(lines, method, bits),
            line ->
                line.accuracy(order)
                    - twin(lines.stream().filter(other -> other.seed() == line.seed()).toList())
                        .mean())
        .mean();
  }

  private static String about(Plan plan, Spread floats) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().model(),
        "set",
        plan.bed().set(),
        "floats",
        floats.text(),
        "all",
        plan.start() + plan.more(),
        "start",
        plan.start(),
        "more",
        plan.more(),
        "seeds",
        PROSE.text(plan.again().isEmpty() ? "one seed" : "two seeds"));
  }

  private static Grid grid(List<Line> lines) {
    List<String> columns = new ArrayList<>(List.of("trained", "P", "exact"));
    columns.addAll(ORDERS.keySet());
    List<List<Object>> rows = new ArrayList<>();
    lines.stream()
        .filter(line -> line.bits() > 0)
        .map(line -> Map.entry(line.method(), line.bits()))
        .distinct()
        .forEach(key -> {
          List<Line> same = of(lines, key.getKey(), key.getValue());
          List<Object> row = new ArrayList<>(List.of(key.getKey(), key.getValue()));
          row.add(Spread.of(same, Line::exact).text());
          ORDERS
              .keySet()
              .forEach(order -> row.add(Spread.of(same, line -> line.accuracy(order)).text()));
          rows.add(row);
        });
    return new Grid("Each network in its own register, %", columns, rows);
  }

  private static Grid ordinary(Plan plan, List<Line> lines) {
    List<Line> twins = of(lines, QAT, 0);
    List<List<Object>> rows = new ArrayList<>();
    for (int width : plan.registers()) {
      List<Object> row = new ArrayList<>(List.of(width));
      for (String order : List.of("sorted", "natural", "wrap")) {
        row.add(Spread.of(twins, line -> line.at(width, order)).text());
      }
      rows.add(row);
    }
    return new Grid(
        "The exact-register twin in narrow registers, %",
        List.of("P", "sorted", "natural", "wrap"), rows);
  }

  private static Chart chart(Plan plan, List<Line> lines) {
    List<Line> twins = of(lines, QAT, 0);
    List<Series> series = new ArrayList<>();
    series.add(
        new Series(
            "trained for exact registers, run sorted",
            false,
            plan.registers().stream()
                .map(width -> Spread.of(twins, line -> line.at(width, "sorted")).at(width))
                .toList()));
    series.add(series(lines, plan.registers(), SORTED, "sorted", "trained and run sorted"));
    series.add(
        series(lines, plan.registers(), NATURAL, "natural", "trained and run in natural order"));
    for (LimitMethod method : LIMITED) {
      String name = method.toString();
      series.add(series(lines, plan.constrained(), name, "natural", name + ", never overflows"));
    }
    return new Chart(
        "accuracy", "Accuracy against width", "register width P, bits", "accuracy, %", series);
  }

  private static Series series(
      List<Line> lines, List<Integer> widths, String method, String order, String name) {
    return new Series(
        name,
        false,
        widths.stream().map(bits -> accuracy(lines, method, bits, order).at(bits)).toList());
  }

  private static List<PaperClaim> claims(Plan plan, List<Line> lines) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.ofOurs("trained for exact registers: the twin", twin(lines).text() + " %"));
    for (int bits : plan.registers()) {
      claims.add(
          PaperClaim.ofOurs(
              "trained through a sorted register, P = " + bits,
              text(
                  "%s %%, %+.2f against the exact-register twin",
                  accuracy(lines, SORTED, bits, "sorted").text(),
                  lead(lines, SORTED, bits, "sorted"))));
      claims.add(
          PaperClaim.ofOurs(
              "is ordering needed? P = " + bits,
              text(
                  "natural order: trained for it %s %%, trained for sorted %s %%",
                  accuracy(lines, NATURAL, bits, "natural").text(),
                  accuracy(lines, SORTED, bits, "natural").text())));
    }
    for (int bits : plan.constrained()) {
      for (LimitMethod method : LIMITED) {
        String name = method.toString();
        claims.add(
            PaperClaim.ofOurs(
                name + " at P = " + bits + ", never overflows",
                text(
                    "%s %%, %+.2f against the exact-register twin",
                    accuracy(lines, name, bits, "natural").text(),
                    lead(lines, name, bits, "natural"))));
      }
    }
    return claims;
  }

  private static List<String> notes(Scale scale, Plan plan, List<Line> lines) {
    List<String> notes = scale.notes();
    for (int bits : plan.registers()) {
      double other =
          ORDERS.keySet().stream()
              .filter(order -> !order.equals("wrap"))
              .mapToDouble(order -> accuracy(lines, NATURAL, bits, order).mean())
              .min()
              .orElseThrow();
      double best = accuracy(lines, NATURAL, bits, "natural").mean();
      double sorted = accuracy(lines, SORTED, bits, "sorted").mean();
      notes.add(
          PROSE.text(
              "orders",
              "bits",
              bits,
              "verdict",
              verdict(best, sorted),
              "loss",
              Math.max(0, best - other)));
    }
    notes.add(PROSE.text("promises"));
    return notes;
  }

  private static String verdict(double natural, double sorted) {
    if (sorted - natural > 0.5) {
      return PROSE.text("sorted wins", "points", sorted - natural);
    }
    return natural - sorted > 0.5
        ? PROSE.text("natural wins", "points", natural - sorted)
        : PROSE.text("alike");
  }
}
