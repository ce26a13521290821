package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.recipe.Pruning.Structure;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Figure 4 of PQS: pruning before quantisation (P→Q) beside after it (Q→P), and beside pruning
 * whole filters, as sparsity rises.
 */
public final class PqsFigure4 implements Figure {
  private static final Prose PROSE = Prose.of(PqsFigure4.class, "pqs-fig4");

  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 4, read in the paper";
  private static final List<Integer> KEPT = List.of(12, 8, 4, 2);

  /** An order of pruning and quantising. */
  private enum Way {
    PRUNE_FIRST("P→Q", "pq"),
    QUANTIZE_FIRST("Q→P", "qp"),
    FILTERS("filters, P→Q", "filters");

    private final String label;
    private final String word;

    Way(String label, String word) {
      this.label = label;
      this.word = word;
    }
  }

  private record Trial(Way way, int kept, double accuracy) {}

  @Override
  public String name() {
    return "pqs-fig4";
  }

  @Override
  public String family() {
    return "grids";
  }

  @Override
  public String title() {
    return "PQS, Figure 4: prune then quantise, against quantise then prune";
  }

  @Override
  public ReproductionResult make(Workshop workshop) throws IOException {
    TestBed bed = TestBed.of(workshop.scale(), TestBed.resnet8());
    List<Long> seeds = workshop.scale() == Scale.SMOKE ? List.of(1L) : List.of(1L, 2L);
    List<Trial> trials = new ArrayList<>();
    List<Double> dense = new ArrayList<>();
    List<Double> floats = new ArrayList<>();
    List<NetworkFile> networks = new ArrayList<>();
    for (long seed : seeds) {
      bed.prepare(workshop, seed);
      ModelFile whole =
          workshop.trained(bed.fromFloat("dense", seed).bits(8, 8).quantize(2).recipe());
      whole.stored().flatMap(EvaluationResult::floatAccuracy).ifPresent(floats::add);
      networks.add(whole.id());
      dense.add(accuracy(workshop, bed, whole));
      for (int kept : KEPT) {
        for (Way way : Way.values()) {
          ModelFile model = workshop.trained(run(bed, way, kept, seed).recipe());
          networks.add(model.id());
          trials.add(new Trial(way, kept, accuracy(workshop, bed, model)));
        }
      }
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text(
            "about",
            "bed",
            bed.about(),
            "floats",
            Spread.of(floats, f -> f).text(),
            "dense",
            Spread.of(dense, d -> d).text(),
            "seeds",
            seeds.size() == 1 ? "one seed" : "mean of " + seeds.size() + " seeds (range)"),
        claims(trials),
        List.of(grid(trials)),
        List.of(chart(trials)),
        notes(workshop.scale(), trials),
        networks);
  }

  private static TestBed.Run run(TestBed bed, Way way, int kept, long seed) {
    TestBed.Run run = bed.fromFloat(way.word + "-" + kept, seed).bits(8, 8);
    return switch (way) {
      case PRUNE_FIRST -> run.prune(kept, Structure.WEIGHTS, 1).quantize(1);
      case QUANTIZE_FIRST -> run.quantizeFirst().prune(kept, Structure.WEIGHTS, 1).quantize(1);
      case FILTERS -> run.prune(kept, Structure.FILTERS, 1).quantize(1);
    };
  }

  private static double accuracy(Workshop workshop, TestBed bed, ModelFile model)
      throws IOException {
    return workshop
        .evaluated(
            model,
            workshop.inputs(model, bed.set(), Split.TEST, OptionalInt.empty()),
            List.of("exact"))
        .results()
        .getFirst()
        .accuracy();
  }

  private static Spread spread(List<Trial> trials, Way way, int kept) {
    return Spread.of(
        trials.stream().filter(t -> t.way() == way && t.kept() == kept).toList(), Trial::accuracy);
  }

  private static double sparsity(int kept) {
    return 100.0 * (16 - kept) / 16;
  }

  private static double lead(List<Trial> trials, int kept) {
    return spread(trials, Way.PRUNE_FIRST, kept).mean()
        - spread(trials, Way.QUANTIZE_FIRST, kept).mean();
  }

  private static List<PaperClaim> claims(List<Trial> trials) {
    return List.of(
        PaperClaim.of(
            "P→Q above Q→P",
            "by up to 1.5 % (MobileNetV2 and ResNet-18, CIFAR-10)",
            SOURCE,
            KEPT.stream()
                .map(kept ->
                    String.format(
                        Locale.ROOT, "%.1f %% sparse: %+.2f", sparsity(kept), lead(trials, kept)))
                .collect(Collectors.joining("; "))),
        PaperClaim.of(
            "pruning whole filters",
            "does badly",
            SOURCE,
            KEPT.stream()
                .map(kept ->
                    String.format(
                        Locale.ROOT,
                        "%.1f %% sparse: %+.2f against P→Q",
                        sparsity(kept),
                        spread(trials, Way.FILTERS, kept).mean()
                            - spread(trials, Way.PRUNE_FIRST, kept).mean()))
                .collect(Collectors.joining("; "))));
  }

  private static Grid grid(List<Trial> trials) {
    List<String> columns = new ArrayList<>(List.of("kept", "sparsity %"));
    for (Way way : Way.values()) {
      columns.add(way.label);
    }
    List<List<Object>> rows = new ArrayList<>();
    for (int kept : KEPT) {
      List<Object> row = new ArrayList<>(List.of(kept + " of 16", sparsity(kept)));
      for (Way way : Way.values()) {
        row.add(spread(trials, way, kept).text());
      }
      rows.add(row);
    }
    return new Grid("Accuracy in percent", columns, rows);
  }

  private static Chart chart(List<Trial> trials) {
    List<Series> series = new ArrayList<>();
    for (Way way : Way.values()) {
      series.add(
          new Series(
              way.label,
              false,
              KEPT.stream().map(kept -> spread(trials, way, kept).at(sparsity(kept))).toList()));
    }
    return new Chart("accuracy", "Accuracy against sparsity", "sparsity, %", "accuracy, %", series);
  }

  private static List<String> notes(Scale scale, List<Trial> trials) {
    List<String> notes = scale.notes();
    List<Integer> behind = KEPT.stream().filter(kept -> lead(trials, kept) <= 0).toList();
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
