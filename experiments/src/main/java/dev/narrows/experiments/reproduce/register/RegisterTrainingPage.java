package dev.narrows.experiments.reproduce.register;

import static dev.narrows.experiments.reproduce.register.RegisterTraining.LIMITED;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.NATURAL;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.ORDERS;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.PROSE;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.QAT;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.SORTED;
import static dev.narrows.experiments.reproduce.register.RegisterTraining.line;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Claims, tables and chart of {@link RegisterTraining}. */
final class RegisterTrainingPage {
  private RegisterTrainingPage() {}

  private static List<RegisterLine> of(List<RegisterLine> lines, String method, int bits) {
    return lines.stream().filter(l -> l.method().equals(method) && l.bits() == bits).toList();
  }

  private static Spread accuracy(List<RegisterLine> lines, String method, int bits, String order) {
    return Spread.of(of(lines, method, bits), line -> line.accuracy(order));
  }

  private static Spread twin(List<RegisterLine> lines) {
    return Spread.of(of(lines, QAT, 0), RegisterLine::exact);
  }

  /** How much better networks are than the twins of their seeds. */
  private static double lead(List<RegisterLine> lines, String method, int bits, String order) {
    return Spread.of(
            of(lines, method, bits),
            line ->
                line.accuracy(order)
                    - twin(lines.stream().filter(other -> other.seed() == line.seed()).toList())
                        .mean())
        .mean();
  }

  static String about(RegisterTrainingPlan plan, Spread floats) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().title(),
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

  static Grid grid(List<RegisterLine> lines) {
    List<String> columns = new ArrayList<>(List.of("trained", "P", "exact"));
    columns.addAll(ORDERS.keySet());
    List<List<Object>> rows = new ArrayList<>();
    lines.stream()
        .filter(line -> line.bits() > 0)
        .map(line -> Map.entry(line.method(), line.bits()))
        .distinct()
        .forEach(key -> {
          List<RegisterLine> same = of(lines, key.getKey(), key.getValue());
          List<Object> row = new ArrayList<>(List.of(key.getKey(), key.getValue()));
          row.add(Spread.of(same, RegisterLine::exact).text());
          ORDERS
              .keySet()
              .forEach(order -> row.add(Spread.of(same, line -> line.accuracy(order)).text()));
          rows.add(row);
        });
    return new Grid("Each network in its own register, %", columns, rows);
  }

  static Grid ordinary(RegisterTrainingPlan plan, List<RegisterLine> lines) {
    List<RegisterLine> twins = of(lines, QAT, 0);
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

  static Chart chart(RegisterTrainingPlan plan, List<RegisterLine> lines) {
    List<RegisterLine> twins = of(lines, QAT, 0);
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
      List<RegisterLine> lines, List<Integer> widths, String method, String order, String name) {
    return new Series(
        name,
        false,
        widths.stream().map(bits -> accuracy(lines, method, bits, order).at(bits)).toList());
  }

  static List<PaperClaim> claims(RegisterTrainingPlan plan, List<RegisterLine> lines) {
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

  static List<String> notes(Scale scale, RegisterTrainingPlan plan, List<RegisterLine> lines) {
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
