package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.ALLOWED_LOSS;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.ORDERS;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.PROSE;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.SHOWN;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.cell;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.lowRank;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure3.pruned;

import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Claims, tables and charts of {@link PqsFigure3}. */
final class PqsFigure3Page {
  private PqsFigure3Page() {}

  static String about(PqsFigure3Plan plan) {
    return PROSE.text(
        "about",
        "hidden",
        plan.hidden(),
        "limit",
        plan.limit(),
        "set",
        plan.set(),
        "seeds",
        plan.seeds().size() == 1
            ? "one seed"
            : "mean of " + plan.seeds().size() + " seeds (least to greatest)",
        "allowed",
        ALLOWED_LOSS,
        "images",
        plan.images());
  }

  static Grid grid(
      String title,
      String setting,
      PruningSweep sweep,
      List<PrunedOutcome> unpruned,
      double unprunedAt) {
    boolean whole = sweep.cells().keySet().stream().allMatch(at -> at == Math.rint(at));
    List<List<Object>> rows = new ArrayList<>();
    rows.add(row(unprunedAt, whole, "dense", new PrunedOutcomes(unpruned)));
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

  private static List<Object> row(
      double setting, boolean whole, String order, PrunedOutcomes cell) {
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

  static List<Chart> charts(PruningSweep pruned, PruningSweep lowRank) {
    return List.of(
        chart("accuracy-sparsity", "Accuracy against sparsity", "sparsity, %", pruned, true),
        chart("bits-sparsity", "Smallest register against sparsity", "sparsity, %", pruned, false),
        chart("accuracy-rank", "Accuracy against rank of the first layer", "rank", lowRank, true),
        chart("bits-rank", "Smallest register against rank", "rank", lowRank, false));
  }

  private static Chart chart(
      String id, String title, String x, PruningSweep sweep, boolean accuracy) {
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

  static List<PaperClaim> claims(PruningSweep pruned, PruningSweep lowRank) {
    return List.of(
        PaperClaim.ofOurs(
            "N:16 pruning: P→Q minus Q→P, points of accuracy, by sparsity", gains(pruned, "%")),
        PaperClaim.ofOurs(
            "low rank: P→Q minus Q→P, points of accuracy, by rank", gains(lowRank, "")));
  }

  private static String gains(PruningSweep sweep, String unit) {
    return sweep.cells().entrySet().stream()
        .map(e ->
            "%s%s: %s"
                .formatted(
                    new BigDecimal(e.getKey()).stripTrailingZeros().toPlainString(),
                    unit.isEmpty() ? "" : " " + unit,
                    PruningSweep.gain(e.getValue()).text()))
        .collect(Collectors.joining("; "));
  }

  static List<String> notes(Scale scale, List<PrunedOutcome> unpruned) {
    List<String> notes = new ArrayList<>();
    if (scale == Scale.SMOKE) {
      notes.add(PROSE.text("smoke"));
    }
    notes.add(PROSE.text("no figures"));
    notes.add(
        PROSE.text(
            "dense",
            "exact",
            Spread.of(unpruned, PrunedOutcome::exact).text(),
            "clipping",
            Spread.of(unpruned, PrunedOutcome::clipping).text(),
            "sorted",
            Spread.of(unpruned, PrunedOutcome::sorted).text()));
    return notes;
  }
}
