package dev.narrows.experiments.reproduce.repair;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.repair.PublishedBaselines.Baseline;
import dev.narrows.experiments.reproduce.repair.RepairOutcomes.RepairOutcome;
import dev.narrows.experiments.reproduce.repair.RepairOutcomes.TrainedOutcome;
import dev.narrows.experiments.reproduce.repair.RepairPlan.Extent;
import dev.narrows.experiments.reproduce.repair.RepairPlan.LeverSet;
import dev.narrows.experiments.reproduce.repair.RepairPlan.TrainedTrial;
import dev.narrows.experiments.reproduce.repair.RepairPlan.TrainingStart;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Claims, tables and charts of {@link RepairBenchmark}. */
final class RepairPage {
  private static final Prose PROSE = Prose.of(RepairPage.class, "repair");

  private static final String AXE =
      "AXE (arXiv 2409.17092) as Brevitas has it, run on the same weights and images by"
          + " interop/brevitas";

  private RepairPage() {}

  static String about(RepairPlan plan, RepairOutcomes all) {
    return PROSE.text(
        "about",
        "model",
        plan.bed().model(),
        "set",
        plan.bed().set(),
        "floats",
        all.floatAccuracy(),
        "unlimited",
        all.unlimited(),
        "images",
        plan.calibration());
  }

  /** Ours beside AXE's best, width by width: at given activations, then at free ones. */
  static List<PaperClaim> claims(RepairOutcomes all, PublishedBaselines baselines, Scale scale) {
    List<PaperClaim> claims = new ArrayList<>();
    for (RepairOutcome one : all.repairs()) {
      if (one.trial().levers() != LeverSet.ALL || one.trial().extent() != Extent.INNER) {
        continue;
      }
      boolean free = one.trial().narrowed();
      String what =
          free
              ? text("P = %d, activations free", one.trial().bits())
              : text("P = %d, %d-bit activations", one.trial().bits(), one.trial().activations());
      String ours = text("%.2f", one.accuracy());
      Optional<Baseline> best =
          scale == Scale.SMOKE
              ? Optional.empty()
              : baselines.best(
                  one.trial().bits(),
                  free ? Optional.empty() : Optional.of(one.trial().activations()));
      claims.add(
          best.map(other ->
                  PaperClaim.of(
                      what,
                      text(
                          "%.2f (%s, W%dA%d)",
                          other.accuracy(), other.method(), other.weights(), other.activations()),
                      AXE,
                      ours))
              .orElseGet(() -> PaperClaim.ofOurs(what, ours)));
    }
    return claims;
  }

  static List<Grid> grids(RepairOutcomes all, PublishedBaselines baselines, Scale scale) {
    List<Grid> grids = new ArrayList<>(List.of(repairs(all.repairs()), trainings(all)));
    if (scale != Scale.SMOKE) {
      grids.add(
          new Grid(
              "Others on the same weights, no training",
              List.of("method", "W", "A", "P", "accuracy %"),
              baselines.rows().stream()
                  .map(row ->
                      List.<Object>of(
                          row.method(),
                          row.weights(),
                          row.activations(),
                          row.bits(),
                          row.accuracy()))
                  .toList()));
    }
    return grids;
  }

  private static Grid repairs(List<RepairOutcome> repairs) {
    return new Grid(
        "Repaired without training",
        List.of("levers", "layers", "A", "P", "accuracy %", "certified bits", "seconds"),
        repairs.stream()
            .map(one ->
                List.<Object>of(
                    one.trial().levers().toString(),
                    one.trial().extent().toString(),
                    one.activations(),
                    one.trial().bits(),
                    one.accuracy(),
                    one.needed(),
                    one.seconds()))
            .toList());
  }

  private static Grid trainings(RepairOutcomes all) {
    return new Grid(
        "Trained under a guarantee, one epoch",
        List.of("method", "start", "W", "A", "P", "seed", "accuracy %", "certified bits"),
        all.trainings().stream()
            .map(one ->
                List.<Object>of(
                    one.trial().signSum() ? "sign-sum" : "A2Q+",
                    one.trial().start().toString(),
                    one.trial().weights(),
                    one.trial().activations(),
                    one.trial().bits(),
                    (int) one.trial().seed(),
                    one.accuracy(),
                    one.needed()))
            .toList());
  }

  /** Accuracy against P, and against the budget U/b that the weights of one sign share. */
  static List<Chart> charts(RepairOutcomes all, PublishedBaselines baselines, Scale scale) {
    List<Chart> charts = new ArrayList<>();
    charts.add(
        new Chart(
            "width",
            "Accuracy under a guarantee, by width",
            "guaranteed register width P, bits",
            "accuracy, %",
            lines(all, baselines, scale, trial -> (double) trial.bits())));
    charts.add(
        new Chart(
            "budget",
            "Accuracy by budget: what the weights of one sign may sum to",
            "log2 of U/b",
            "accuracy, %",
            lines(
                all,
                baselines,
                scale,
                trial ->
                    trial.activations() == 0
                        ? Double.NaN
                        : Math.log(budget(trial.bits(), trial.activations())) / Math.log(2))));
    return charts;
  }

  /** ⌊U/b⌋ of unsigned inputs. */
  static double budget(int bits, int activations) {
    return Math.floor(((1L << (bits - 1)) - 1.0) / ((1 << activations) - 1));
  }

  /** P and A of any network; A is 0 where it differs from layer to layer. */
  private record Place(int bits, int activations) {}

  private static List<Series> lines(
      RepairOutcomes all, PublishedBaselines baselines, Scale scale, Function<Place, Double> x) {
    Map<String, List<Point>> lines = new LinkedHashMap<>();
    for (RepairOutcome one : all.repairs()) {
      if (one.trial().extent() == Extent.INNER && one.trial().levers() == LeverSet.ALL) {
        add(
            lines,
            "repaired, A " + one.trial().activationText(),
            x.apply(
                new Place(
                    one.trial().bits(), one.trial().narrowed() ? 0 : one.trial().activations())),
            one.accuracy());
      }
    }
    for (List<TrainedOutcome> runs : seeds(all).values()) {
      TrainedTrial trial = runs.getFirst().trial();
      best(
          lines,
          (trial.signSum() ? "sign-sum" : "A2Q+") + " from " + trial.start(),
          x.apply(new Place(trial.bits(), trial.activations())),
          runs.stream().mapToDouble(TrainedOutcome::accuracy).average().orElseThrow());
    }
    if (scale != Scale.SMOKE) {
      for (Baseline one : baselines.rows()) {
        baselines
            .best(one.bits(), Optional.of(one.activations()))
            .filter(one::equals)
            .ifPresent(best ->
                add(
                    lines,
                    "others, A " + best.activations(),
                    x.apply(new Place(best.bits(), best.activations())),
                    best.accuracy()));
      }
    }
    return lines.entrySet().stream()
        .map(line ->
            new Series(
                line.getKey(),
                line.getKey().startsWith("others"),
                line.getValue().stream().sorted(Comparator.comparingDouble(Point::x)).toList()))
        .toList();
  }

  private static void add(Map<String, List<Point>> lines, String name, double x, double y) {
    if (!Double.isNaN(x)) {
      lines.computeIfAbsent(name, _ -> new ArrayList<>()).add(Point.of(x, y));
    }
  }

  /** Of several W at one place the best. */
  private static void best(Map<String, List<Point>> lines, String name, double x, double y) {
    List<Point> line = lines.computeIfAbsent(name, _ -> new ArrayList<>());
    line.removeIf(point -> point.x() == x && point.y() < y);
    if (line.stream().noneMatch(point -> point.x() == x)) {
      add(lines, name, x, y);
    }
  }

  /** Trainings that differ in their seed only. */
  private static Map<String, List<TrainedOutcome>> seeds(RepairOutcomes all) {
    return all.trainings().stream()
        .collect(
            Collectors.groupingBy(
                one -> one.trial().name(), LinkedHashMap::new, Collectors.toList()));
  }

  static List<String> notes(Scale scale, RepairOutcomes all) {
    List<String> notes = scale.notes();
    notes.add(PROSE.text("certified"));
    notes.add(PROSE.text("budget"));
    for (List<TrainedOutcome> runs : seeds(all).values()) {
      TrainedTrial trial = runs.getFirst().trial();
      if (trial.start() == TrainingStart.REPAIRED) {
        notes.add(
            PROSE.text(
                "from repaired",
                "weights",
                trial.weights(),
                "activations",
                trial.activations(),
                "bits",
                trial.bits(),
                "accuracy",
                Spread.of(runs, TrainedOutcome::accuracy).text(),
                "seeds",
                runs.size()));
      }
    }
    return notes;
  }
}
