package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.experiments.reproduce.pqs.NarrowestRegisters.ALLOWED;
import static dev.narrows.experiments.reproduce.pqs.NarrowestRegisters.NARROWEST;
import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.WidthLosses;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;

/** Claims, table and chart of {@link PqsFigure5}. */
final class PqsFigure5Page {
  private static final Prose PROSE = Prose.of(PqsFigure5Page.class, "pqs-fig5");
  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 5, read in the paper";

  private PqsFigure5Page() {}

  static String about(PqsFigure5Plan plan) {
    return PROSE.text(
        "about", "bed", plan.bed().about(), "allowed", ALLOWED, "narrowest", NARROWEST);
  }

  private static int most(List<NarrowestRegisters> networks) {
    return networks.stream().mapToInt(NarrowestRegisters::saved).max().orElse(0);
  }

  static List<PaperClaim> claims(List<NarrowestRegisters> networks) {
    return List.of(
        PaperClaim.of(
            "bits that sorting saves against clipping",
            "up to 4",
            SOURCE,
            "up to " + most(networks) + " on the same network"),
        PaperClaim.ofOurs(
            "narrowest sorted register of all pairs",
            networks.stream().mapToInt(network -> network.sorted().bits()).min().orElse(0)
                + " bits"));
  }

  static Grid grid(List<NarrowestRegisters> networks) {
    List<List<Object>> rows = new ArrayList<>();
    for (NarrowestRegisters network : networks) {
      rows.add(
          List.of(
              network.weights(),
              network.activations(),
              network.exact(),
              network.sorted().bits(),
              network.sorted().accuracy(),
              network.clipped().bits(),
              network.clipped().accuracy(),
              network.saved()));
    }
    return new Grid(
        "Narrowest register in bits, and accuracy with exact sums and in it in percent",
        List.of("W", "A", "exact", "sorted", "in it", "clipping", "in it", "saved"),
        rows);
  }

  /** On validation images, which choose. */
  static Grid saved(List<NarrowestRegisters> networks) {
    List<String> columns = new ArrayList<>(List.of("W", "A"));
    WidthLosses.TOLERANCES.forEach(points -> columns.add(WidthLosses.text(points)));
    List<List<Object>> rows = new ArrayList<>();
    for (NarrowestRegisters network : networks) {
      List<Object> row = new ArrayList<>(List.of(network.weights(), network.activations()));
      WidthLosses.TOLERANCES.forEach(points -> row.add(network.saved(points)));
      rows.add(row);
    }
    return new Grid(
        "Bits that sorting saves on validation images, by the points that a register may cost",
        columns,
        rows);
  }

  static Chart chart(List<Integer> widths, List<NarrowestRegisters> networks) {
    List<Series> series = new ArrayList<>();
    for (int w : widths) {
      List<NarrowestRegisters> row =
          networks.stream().filter(network -> network.weights() == w).toList();
      series.add(
          new Series(
              "W" + w + ", sorted",
              false,
              row.stream()
                  .map(network -> Point.of(network.activations(), network.sorted().bits()))
                  .toList()));
      series.add(
          new Series(
              "W" + w + ", clipping",
              false,
              row.stream()
                  .map(network -> Point.of(network.activations(), network.clipped().bits()))
                  .toList()));
    }
    return new Chart(
        "narrowest",
        "Narrowest register against activation bits",
        "activation bits A",
        "register width P, bits",
        series);
  }

  /** Accuracy at equal width. */
  static Grid widths(PqsFigure5Plan plan, WidthCurve curve) {
    List<String> columns = new ArrayList<>(List.of("method"));
    plan.curve().forEach(bits -> columns.add("P = " + bits));
    List<List<Object>> rows = new ArrayList<>();
    for (String method : curve.methods()) {
      List<Object> row = new ArrayList<>(List.of(method));
      curve.best().stream()
          .filter(point -> point.method().equals(method))
          .forEach(point -> row.add(text("%.2f (W%dA%2$d)", point.accuracy(), point.operands())));
      rows.add(row);
    }
    return new Grid(PROSE.text("widths"), columns, rows);
  }

  static Chart accuracies(WidthCurve curve) {
    return new Chart(
        "widths",
        "Accuracy at equal width",
        "register width P, bits",
        "accuracy, %",
        curve.methods().stream()
            .map(method ->
                new Series(
                    method,
                    false,
                    curve.best().stream()
                        .filter(point -> point.method().equals(method))
                        .map(point -> Point.of(point.bits(), point.accuracy()))
                        .toList()))
            .toList());
  }

  static List<String> notes(Scale scale, List<NarrowestRegisters> networks, WidthCurve curve) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("curve", "methods", curve.methods().size()));
    notes.add(most(networks) == 0 ? PROSE.text("saves nothing") : PROSE.text("saves"));
    return notes;
  }
}
