package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.evaluate.WeightFigures.LayerPressure;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.network.Network;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What both figures of {@link A2qPareto} show, and what accuracy against width shows. */
final class A2qParetoPage {
  private static final Prose PROSE = Prose.of(A2qParetoPage.class, "a2q-pareto");

  private static final String TABLE =
      "A2Q+ (arXiv 2401.10432), ResNet18 on CIFAR-10, W4A4, read in the paper";

  /** What A2Q's authors call no loss, in percent of float accuracy. */
  static final double NO_LOSS = 99.2;

  /** What the column of that name says. */
  static final String RANGE_USED = Prose.of(A2qParetoPage.class, "a2q").text("register used");

  private A2qParetoPage() {}

  static String about(A2qParetoPlan plan, Spread floats) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().title(),
        "set",
        plan.bed().set(),
        "floats",
        floats.text(),
        "epochs",
        plan.epochs());
  }

  /**
   * Every network.
   *
   * @param validation with the accuracy on validation images
   */
  static Grid grid(List<LimitedNetwork> trials, boolean validation) {
    List<String> columns = new ArrayList<>(List.of("trained", "W", "A", "P", "accuracy %"));
    if (validation) {
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
      if (validation) {
        row.add(trial.validation());
      }
      row.addAll(
          List.of(
              trial.relative(),
              trial.figures().safeBits(),
              100 * trial.rangeUsed(),
              100 * trial.figures().sparsity(),
              trial.figures().compression().map(A2qParetoPage::times).orElse("")));
      rows.add(row);
    }
    return new Grid("Every network", columns, rows);
  }

  static String times(double factor) {
    return String.format(Locale.ROOT, "%.1f×", factor);
  }

  /** As in {@code 2.11×}. */
  static String ratio(double factor) {
    return String.format(Locale.ROOT, "%.2f×", factor);
  }

  static Optional<LimitedNetwork> find(
      List<LimitedNetwork> trials, LimitMethod method, int operand, int bits) {
    return trials.stream()
        .filter(t -> t.method() == method && t.weights() == operand && t.bits() == bits)
        .findFirst();
  }

  static List<PaperClaim> claims(List<LimitedNetwork> trials, double floatValidation) {
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
                .map(one ->
                    one.getKey() + ": " + one.getValue().map(A2qParetoPage::named).orElse(""))
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

  /**
   * The Pareto front of every method: at each width the test accuracy of that network, at most as
   * wide, which is best on validation images.
   */
  static Chart front(List<LimitedNetwork> trials) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method : LimitMethod.values()) {
      List<LimitedNetwork> own =
          trials.stream()
              .filter(t -> t.method() == method)
              .sorted(Comparator.comparingInt(LimitedNetwork::bits))
              .toList();
      if (own.isEmpty()) {
        continue;
      }
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

  /** What both figures say of the networks. */
  static List<String> notes(Scale scale, A2qTrials study) {
    List<String> notes = scale.notes();
    int terms =
        study.operands().stream()
            .flatMap(operand -> WeightFigures.pressures(study.twin(operand), 16).stream())
            .mapToInt(LayerPressure::terms)
            .max()
            .orElse(0);
    notes.add(PROSE.text("pressure", "terms", terms));
    notes.add(RANGE_USED);
    return notes;
  }

  /**
   * What registers leave the layers of a network that was trained without a limit.
   *
   * @param widths P, a column each
   */
  static Grid pressures(Network twin, int operand, List<Integer> widths) {
    List<String> columns = new ArrayList<>(List.of("layer", "terms"));
    widths.forEach(bits -> columns.add("P = " + bits));
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    for (int bits : widths) {
      for (LayerPressure one : WeightFigures.pressures(twin, bits)) {
        rows.computeIfAbsent(
                one.layer(), layer -> new ArrayList<>(List.<Object>of(layer, one.terms())))
            .add(one.ratio());
      }
    }
    return new Grid(
        PROSE.text("pressures", "operand", operand), columns, List.copyOf(rows.values()));
  }

  /** How networks were chosen, and by what. */
  static List<String> chosen(TestBed bed) {
    String chosen = PROSE.text("chosen");
    return bed.init().isPresent() ? List.of(chosen, PROSE.text("seen")) : List.of(chosen);
  }
}
