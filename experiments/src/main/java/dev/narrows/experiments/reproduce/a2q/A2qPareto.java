package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a guaranteed width costs: A2Q, A2Q+ and ordinary training over widths of weights and
 * activations. One study with two figures, which share its networks: accuracy against width, and
 * how sparse the networks become.
 */
public final class A2qPareto implements Figure {
  private static final Prose PROSE = Prose.of(A2qPareto.class, "a2q-pareto");

  private static final String A2Q_ABSTRACT = "A2Q (arXiv 2308.13504), abstract, read in the paper";
  private static final String TABLE =
      "A2Q+ (arXiv 2401.10432), ResNet18 on CIFAR-10, W4A4, read in the paper";

  /** What A2Q's authors call no loss, in percent of float accuracy. */
  private static final double NO_LOSS = 99.2;

  /** What the column of that name says. */
  static final String RANGE_USED = Prose.of(A2qPareto.class, "a2q").text("register used");

  /** How networks were chosen, and by what. */
  private static final String CHOSEN = PROSE.text("chosen");

  private final boolean sparsity;

  private A2qPareto(boolean sparsity) {
    this.sparsity = sparsity;
  }

  /** Accuracy against guaranteed width. */
  public static A2qPareto accuracy() {
    return new A2qPareto(false);
  }

  /** Sparsity and compression against guaranteed width. */
  public static A2qPareto sparsity() {
    return new A2qPareto(true);
  }

  @Override
  public String name() {
    return sparsity ? "a2q-sparsity" : "a2q-pareto";
  }

  @Override
  public String family() {
    return "accumulator-aware";
  }

  @Override
  public String title() {
    return sparsity
        ? "A2Q: how sparse networks become under a guaranteed width"
        : "A2Q and A2Q+: accuracy against guaranteed width";
  }

  /**
   * What is trained.
   *
   * @param registers for each width of weights and activations those that limit: from where a limit
   *     begins to press on layers of a few hundred terms, downwards
   * @param signSum the same of registers that only {@link LimitMethod#SIGN_SUM} is tried in
   */
  private record Plan(
      TestBed bed,
      int epochs,
      SortedMap<Integer, List<Integer>> registers,
      Map<Integer, List<Integer>> signSum) {
    static Plan of(Scale scale) {
      TestBed bed = TestBed.of(scale, TestBed.resnet20());
      return switch (scale) {
        case SMOKE -> new Plan(bed, 1, registers(List.of(14, 11), List.of(18, 15)), Map.of());
        case TWO_CORE ->
            new Plan(
                bed, 3, registers(List.of(13, 12, 11, 10), List.of(16)), Map.of(8, List.of(17)));
      };
    }

    private static SortedMap<Integer, List<Integer>> registers(
        List<Integer> four, List<Integer> eight) {
      return new TreeMap<>(Map.of(4, four, 8, eight));
    }

    Set<Integer> operands() {
      return registers.keySet();
    }
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    Plan plan = Plan.of(workshop.scale());
    A2qTrials study = new A2qTrials(workshop, plan.bed(), plan.epochs());
    for (int operand : plan.operands()) {
      study.qat(operand, operand, 1);
      for (int bits : plan.signSum().getOrDefault(operand, List.of())) {
        study.constrained(LimitMethod.SIGN_SUM, operand, operand, bits, "ep", 1);
      }
      for (int bits : plan.registers().getOrDefault(operand, List.of())) {
        study.constrained(LimitMethod.A2Q, operand, operand, bits, "ep", 1);
        study.constrained(LimitMethod.A2Q_PLUS, operand, operand, bits, "ep", 1);
        study.constrained(LimitMethod.SIGN_SUM, operand, operand, bits, "ep", 1);
      }
    }
    List<LimitedNetwork> trials = study.all();
    double floats = sparsity ? 0 : study.floatValidation(1);
    List<String> notes = workshop.scale().notes();
    notes.add(PROSE.text("pressure"));
    notes.add(RANGE_USED);
    if (!sparsity) {
      notes.add(CHOSEN);
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "model",
            plan.bed().model(),
            "set",
            plan.bed().set(),
            "floats",
            study.floats().text(),
            "epochs",
            plan.epochs()),
        sparsity ? sparsityClaims(trials) : accuracyClaims(trials, floats),
        List.of(grid(trials)),
        sparsity ? sparsityCharts(plan, trials) : List.of(front(trials)),
        notes,
        study.networks());
  }

  private Grid grid(List<LimitedNetwork> trials) {
    List<String> columns = new ArrayList<>(List.of("trained", "W", "A", "P", "accuracy %"));
    if (!sparsity) {
      columns.add("validation %");
    }
    columns.addAll(
        List.of("% of float", "certified bits", "register used %", "sparsity %", "compression"));
    List<List<Object>> rows = new ArrayList<>();
    for (LimitedNetwork trial : trials) {
      List<Object> row =
          new ArrayList<>(
              List.of(
                  trial.method().toString(),
                  trial.weights(),
                  trial.activations(),
                  trial.bits(),
                  trial.accuracy()));
      if (!sparsity) {
        row.add(trial.validation());
      }
      row.addAll(
          List.of(
              trial.relative(),
              trial.figures().safeBits(),
              100 * trial.rangeUsed(),
              100 * trial.figures().sparsity(),
              trial.figures().compression().map(A2qPareto::times).orElse("")));
      rows.add(row);
    }
    return new Grid("Every network", columns, rows);
  }

  private static String times(double factor) {
    return String.format(Locale.ROOT, "%.1f×", factor);
  }

  private static Optional<LimitedNetwork> find(
      List<LimitedNetwork> trials, LimitMethod method, int operand, int bits) {
    return trials.stream()
        .filter(t -> t.method() == method && t.weights() == operand && t.bits() == bits)
        .findFirst();
  }

  private static List<PaperClaim> accuracyClaims(
      List<LimitedNetwork> trials, double floatValidation) {
    List<PaperClaim> claims = new ArrayList<>();
    String[] paper = {
      "16: A2Q 94.2, A2Q+ 94.2",
      "15: 94.2, 94.1",
      "14: 92.6, 94.1",
      "13: 89.8, 92.8",
      "12: 83.9, 90.6"
    };
    claims.add(
        PaperClaim.of(
            "W4A4 at P, A2Q and A2Q+ (float 95.0)",
            String.join("; ", paper),
            TABLE,
            line(trials, 4)));
    for (int operand : List.of(8)) {
      String ours = line(trials, operand);
      if (!ours.isEmpty()) {
        claims.add(
            PaperClaim.ofOurs("W%dA%d at P, A2Q and A2Q+".formatted(operand, operand), ours));
      }
    }
    claims.add(
        PaperClaim.ofOurs(
            text(
                "the narrowest register with %.1f %% of float accuracy on validation images, and"
                    + " what it has on test images",
                NO_LOSS),
            trials.stream()
                .filter(t ->
                    t.method() != LimitMethod.QAT
                        && 100 * t.validation() / floatValidation >= NO_LOSS)
                .collect(
                    Collectors.groupingBy(
                        t -> "W%dA%d".formatted(t.weights(), t.activations()),
                        TreeMap::new,
                        Collectors.minBy(Comparator.comparingInt(LimitedNetwork::bits))))
                .entrySet()
                .stream()
                .map(one -> one.getKey() + ": " + one.getValue().map(A2qPareto::named).orElse(""))
                .collect(Collectors.joining("; "))));
    return claims;
  }

  private static String line(List<LimitedNetwork> trials, int operand) {
    List<String> parts = new ArrayList<>();
    for (LimitedNetwork plus : trials) {
      if (plus.method() == LimitMethod.A2Q_PLUS && plus.weights() == operand) {
        find(trials, LimitMethod.A2Q, operand, plus.bits())
            .ifPresent(plain ->
                parts.add(
                    String.format(
                        Locale.ROOT,
                        "%d: %.2f, %.2f",
                        plus.bits(),
                        plain.accuracy(),
                        plus.accuracy())));
      }
    }
    return String.join("; ", parts);
  }

  private static String named(LimitedNetwork trial) {
    return text("P = %d, %s, %.2f %%", trial.bits(), trial.method(), trial.relative());
  }

  private static List<PaperClaim> sparsityClaims(List<LimitedNetwork> trials) {
    List<PaperClaim> claims = new ArrayList<>();
    String ours =
        find(trials, LimitMethod.A2Q, 8, 16)
            .map(trial ->
                String.format(
                    Locale.ROOT,
                    "%.1f %% sparse, %s, %.1f %% of float (K a tenth of the paper's)",
                    100 * trial.figures().sparsity(),
                    trial.figures().compression().map(A2qPareto::times).orElse("all weights equal"),
                    trial.relative()))
            .orElse("not trained at this scale");
    claims.add(
        PaperClaim.of(
            "A2Q, W8A8 at P = 16",
            "98.2 % sparse, 46.5× compression, 99.2 % of float accuracy",
            A2Q_ABSTRACT,
            ours));
    return claims;
  }

  /**
   * The Pareto front of every method: at each width the test accuracy of that network, at most as
   * wide, which is best on validation images.
   */
  private static Chart front(List<LimitedNetwork> trials) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method : LimitMethod.values()) {
      List<LimitedNetwork> own =
          trials.stream()
              .filter(t -> t.method() == method)
              .sorted(Comparator.comparingInt(LimitedNetwork::bits))
              .toList();
      List<Point> points = new ArrayList<>();
      for (int bits : own.stream().map(LimitedNetwork::bits).distinct().toList()) {
        own.stream()
            .filter(t -> t.bits() <= bits)
            .max(Comparator.comparingDouble(LimitedNetwork::validation))
            .ifPresent(best -> points.add(Point.of(bits, best.accuracy())));
      }
      series.add(new Series(method.toString(), false, points));
    }
    return new Chart(
        "pareto",
        "Accuracy of the network that validation images choose within a guaranteed width",
        "guaranteed register width P, bits",
        "accuracy, %",
        series);
  }

  private static List<Chart> sparsityCharts(Plan plan, List<LimitedNetwork> trials) {
    return List.of(
        perOperand(
            plan,
            trials,
            "sparsity",
            "Sparsity against width",
            "zeros, % of the weights",
            t -> 100 * t.figures().sparsity()),
        perOperand(
            plan,
            trials,
            "compression",
            "Compression against width",
            "W / entropy",
            t -> t.figures().compression().orElse(0.0)));
  }

  private static Chart perOperand(
      Plan plan,
      List<LimitedNetwork> trials,
      String id,
      String title,
      String y,
      ToDoubleFunction<LimitedNetwork> figure) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method :
        List.of(LimitMethod.A2Q, LimitMethod.A2Q_PLUS, LimitMethod.SIGN_SUM)) {
      for (int operand : plan.operands()) {
        series.add(
            new Series(
                "%s, W%dA%d".formatted(method, operand, operand),
                false,
                trials.stream()
                    .filter(t -> t.method() == method && t.weights() == operand)
                    .map(t -> Point.of(t.bits(), figure.applyAsDouble(t)))
                    .toList()));
      }
    }
    return new Chart(id, title, "guaranteed register width P, bits", y, series);
  }
}
