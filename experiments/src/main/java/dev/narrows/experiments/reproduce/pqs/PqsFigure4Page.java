package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.pqs.PqsFigure4Plan.PruningWay;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Claims, table and chart of {@link PqsFigure4}. */
final class PqsFigure4Page {
  private static final Prose PROSE = Prose.of(PqsFigure4Page.class, "pqs-fig4");
  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 4, read in the paper";

  private PqsFigure4Page() {}

  static String about(PqsFigure4Plan plan, PruningAccuracies measured) {
    int seeds = plan.seeds().size();
    return PROSE.text(
        "about",
        "bed",
        plan.bed().about(),
        "floats",
        Spread.of(measured.floats(), f -> f).text(),
        "dense",
        Spread.of(measured.dense(), d -> d).text(),
        "seeds",
        seeds == 1 ? "one seed" : "mean of " + seeds + " seeds (range)");
  }

  private static double sparsity(int kept) {
    return 100.0 * (16 - kept) / 16;
  }

  static List<PaperClaim> claims(PqsFigure4Plan plan, PruningAccuracies measured) {
    return List.of(
        PaperClaim.of(
            "P→Q above Q→P",
            "by up to 1.5 % (MobileNetV2 and ResNet-18, CIFAR-10)",
            SOURCE,
            plan.kept().stream()
                .map(kept ->
                    String.format(
                        Locale.ROOT, "%.1f %% sparse: %+.2f", sparsity(kept), measured.lead(kept)))
                .collect(Collectors.joining("; "))),
        PaperClaim.of(
            "pruning whole filters",
            "does badly",
            SOURCE,
            plan.kept().stream()
                .map(kept ->
                    String.format(
                        Locale.ROOT,
                        "%.1f %% sparse: %+.2f against P→Q",
                        sparsity(kept),
                        measured.spread(PruningWay.FILTERS, kept).mean()
                            - measured.spread(PruningWay.PRUNE_FIRST, kept).mean()))
                .collect(Collectors.joining("; "))));
  }

  static Grid grid(PqsFigure4Plan plan, PruningAccuracies measured) {
    List<String> columns = new ArrayList<>(List.of("kept", "sparsity %"));
    for (PruningWay way : PruningWay.values()) {
      columns.add(way.label());
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int kept : plan.kept()) {
      List<Object> row = new ArrayList<>(List.of(kept + " of 16", sparsity(kept)));
      for (PruningWay way : PruningWay.values()) {
        row.add(measured.spread(way, kept).text());
      }
      rows.add(row);
    }
    return new Grid("Accuracy in percent", columns, rows);
  }

  static Chart chart(PqsFigure4Plan plan, PruningAccuracies measured) {
    List<Series> series = new ArrayList<>();
    for (PruningWay way : PruningWay.values()) {
      series.add(
          new Series(
              way.label(),
              false,
              plan.kept().stream()
                  .map(kept -> measured.spread(way, kept).at(sparsity(kept)))
                  .toList()));
    }
    return new Chart("accuracy", "Accuracy against sparsity", "sparsity, %", "accuracy, %", series);
  }

  static List<String> notes(Scale scale, PqsFigure4Plan plan, PruningAccuracies measured) {
    List<String> notes = scale.notes();
    List<Integer> behind = plan.kept().stream().filter(kept -> measured.lead(kept) <= 0).toList();
    notes.add(
        behind.isEmpty()
            ? PROSE.text("ahead")
            : PROSE.text(
                "behind",
                "kept",
                behind.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    return notes;
  }
}
