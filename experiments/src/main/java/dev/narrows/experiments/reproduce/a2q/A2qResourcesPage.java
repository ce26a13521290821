package dev.narrows.experiments.reproduce.a2q;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitMethod;
import dev.narrows.experiments.reproduce.a2q.A2qTrials.LimitedNetwork;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.hardware.cost.NetworkUnits;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What {@link A2qResources} shows. */
final class A2qResourcesPage {
  private static final Prose PROSE = Prose.of(A2qResourcesPage.class, "a2q-resources");

  private A2qResourcesPage() {}

  static String about(A2qResourcesPlan plan, Spread floats) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().title(),
        "set",
        plan.bed().set(),
        "floats",
        floats.text(),
        "epochs",
        plan.epochs(),
        "simd",
        NetworkUnits.SIMD);
  }

  static Grid grid(List<LimitedNetwork> trials) {
    List<List<Object>> rows = new ArrayList<>();
    for (LimitedNetwork trial : trials) {
      NetworkLuts luts = NetworkLuts.of(trial.network(), trial.bits());
      rows.add(
          List.of(
              trial.method().toString(),
              trial.weights(),
              trial.activations(),
              trial.bits(),
              trial.accuracy(),
              trial.validation(),
              trial.relative(),
              Math.round(luts.guaranteed()),
              A2qParetoPage.ratio(luts.wide() / luts.guaranteed()),
              A2qParetoPage.ratio(luts.dataType() / luts.guaranteed()),
              A2qParetoPage.ratio(luts.safe() / luts.guaranteed())));
    }
    return new Grid(
        "Every network",
        List.of(
            "trained",
            "W",
            "A",
            "P",
            "accuracy %",
            "validation %",
            "% of float",
            "LUT",
            "32 bits over P",
            "data type over P",
            "after training over P"),
        rows);
  }

  static List<PaperClaim> claims(List<LimitedNetwork> trials, double floatValidation) {
    List<PaperClaim> claims = new ArrayList<>();
    claims.add(
        PaperClaim.of(
            text(
                "LUTs with 32-bit registers over LUTs with guaranteed ones, of the network that"
                    + " saves most with %.1f %% of float accuracy on validation images",
                A2qParetoPage.NO_LOSS),
            "2.3 times",
            "A2Q (arXiv 2308.13504), abstract: up to 2.3 times fewer with 99.2 % of float accuracy",
            best(trials, floatValidation)));
    return claims;
  }

  private static String best(List<LimitedNetwork> trials, double floatValidation) {
    List<String> parts = new ArrayList<>();
    for (int operand : trials.stream().map(LimitedNetwork::weights).distinct().sorted().toList()) {
      trials.stream()
          .filter(t -> t.method() != LimitMethod.QAT && t.weights() == operand)
          .filter(t -> 100 * t.validation() / floatValidation >= A2qParetoPage.NO_LOSS)
          .max(
              Comparator.comparingDouble(A2qResourcesPage::saved)
                  .thenComparingDouble(LimitedNetwork::validation))
          .ifPresent(t ->
              parts.add(
                  text(
                      "W%dA%d: %s, %s at P = %d, %.2f %% of float",
                      operand,
                      operand,
                      A2qParetoPage.ratio(saved(t)),
                      t.method(),
                      t.bits(),
                      t.relative())));
    }
    return parts.isEmpty() ? "none of these networks" : String.join("; ", parts);
  }

  private static double saved(LimitedNetwork trial) {
    NetworkLuts luts = NetworkLuts.of(trial.network(), trial.bits());
    return luts.wide() / luts.guaranteed();
  }

  /** Accuracy against LUTs: every network, by how it was limited. */
  static Chart front(List<LimitedNetwork> trials) {
    List<Series> series = new ArrayList<>();
    for (LimitMethod method : LimitMethod.values()) {
      List<Point> points = new ArrayList<>();
      for (LimitedNetwork trial : trials) {
        if (trial.method() == method) {
          double luts = NetworkLuts.of(trial.network(), trial.bits()).guaranteed();
          points.add(Point.of(Math.rint(luts), trial.accuracy()));
        }
      }
      points.sort(Comparator.comparingDouble(Point::x));
      series.add(new Series(method.toString(), false, points));
    }
    return new Chart(
        "luts",
        "Accuracy against LUTs of the whole network",
        "LUTs by FINN's formula",
        "accuracy, %",
        series);
  }

  static List<String> notes(Scale scale) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("fair"));
    notes.add(PROSE.text("stricter"));
    notes.add(PROSE.text("formula"));
    notes.add(PROSE.text("thresholds"));
    return notes;
  }
}
