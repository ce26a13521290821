package dev.narrows.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code narrows/sweep/1}: the trials of a sweep, their means over seeds, and the Pareto front of
 * accuracy against accumulator bits, chosen on validation images.
 *
 * @param name of the sweep
 * @param trials all of them, finished or not, in the order of the sweep
 * @param points every finished configuration in every register, means over seeds
 * @param front those points that no other one beats, narrowest first
 */
public record SweepResult(
    String name, List<SweepTrial> trials, List<SweepPoint> points, List<SweepPoint> front)
    implements Result {
  /** Copies the lists. */
  public SweepResult {
    trials = List.copyOf(trials);
    points = List.copyOf(points);
    front = List.copyOf(front);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.SWEEP;
  }

  /** The trials without their registers, the points, and what went wrong. */
  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(List.of(trialTable(false)));
    if (!points.isEmpty()) {
      String what =
          quality() == QualityMeasure.ACCURACY ? "Accuracy in percent" : quality().column();
      tables.add(pointTable(what + " by register; front: none is better and narrower"));
    }
    Table failed = new Table("What went wrong", List.of("trial", "error"));
    for (SweepTrial trial : trials) {
      trial
          .error()
          .ifPresent(error -> failed.row(trial.configuration() + " seed=" + trial.seed(), error));
    }
    if (!failed.rows().isEmpty()) {
      tables.add(failed);
    }
    return tables;
  }

  /** The table of {@code trials.csv}: a row for each trial, two columns for each register. */
  public Table table() {
    return trialTable(true);
  }

  /** What tells how good the networks are: accuracy, or the measure of other targets. */
  public QualityMeasure quality() {
    return trials.stream()
        .flatMap(trial -> trial.figures().stream())
        .flatMap(figures -> figures.measure().stream())
        .findFirst()
        .orElse(QualityMeasure.ACCURACY);
  }

  private Table trialTable(boolean whole) {
    List<String> keys = keys();
    List<SweepAccuracy> registers = whole ? registers() : List.of();
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.addAll(keys);
    columns.addAll(
        List.of("seed", "hash", "status", unit("float"), unit("exact"), unit("exact validation")));
    for (SweepAccuracy register : registers) {
      columns.add(unit(register.accumulator()));
      columns.add(unit(register.accumulator() + " validation"));
    }
    columns.addAll(List.of("certified bits", "term bits", "sparsity %", "compression", "seconds"));
    if (whole) {
      columns.add("error");
    }
    Table table = new Table("%s: %s".formatted(name, counts()), columns);
    for (SweepTrial trial : trials) {
      List<Object> row = new ArrayList<>(List.of(trial.label()));
      keys.forEach(key -> row.add(trial.keys().getOrDefault(key, "")));
      row.addAll(List.of(trial.seed(), trial.hash(), trial.status()));
      row.add(cell(trial, figures -> figures.floatAccuracy().map(quality()::text).orElse("")));
      row.add(cell(trial, figures -> quality().text(figures.exactAccuracy())));
      row.add(cell(trial, figures -> quality().text(figures.exactValidation())));
      for (SweepAccuracy register : registers) {
        Optional<SweepAccuracy> own =
            trial.figures().stream()
                .flatMap(figures -> figures.accumulators().stream())
                .filter(one -> one.accumulator().equals(register.accumulator()))
                .findFirst();
        row.add(own.map(one -> quality().text(one.accuracy())).orElse(""));
        row.add(own.map(one -> quality().text(one.validation())).orElse(""));
      }
      row.add(cell(trial, figures -> figures.certifiedBits().map(String::valueOf).orElse("")));
      row.add(cell(trial, figures -> figures.termBits().map(String::valueOf).orElse("")));
      row.add(cell(trial, figures -> Table.percent(figures.sparsity())));
      row.add(cell(trial, figures -> figures.compression().map(Table::percent).orElse("")));
      row.add(cell(trial, figures -> Long.toString(Math.round(figures.seconds()))));
      if (whole) {
        row.add(trial.error().orElse(""));
      }
      table.row(row.toArray());
    }
    return table;
  }

  private String unit(String column) {
    return (column + " " + quality().unit()).strip();
  }

  private static String cell(SweepTrial trial, Function<SweepTrial.TrialFigures, String> text) {
    return trial.figures().map(text).orElse("");
  }

  private Table pointTable(String title) {
    List<String> keys = keys();
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.addAll(keys);
    columns.addAll(List.of("seeds", "sum", "bits", unit("validation"), unit("test"), "front"));
    Table table = new Table(title, columns);
    for (SweepPoint point : points) {
      List<Object> row = new ArrayList<>(List.of(point.label()));
      keys.forEach(key -> row.add(point.keys().getOrDefault(key, "")));
      row.addAll(List.of(point.seeds().size(), point.way(), point.bits()));
      row.addAll(
          List.of(
              point.validation().text(quality()),
              point.accuracy().text(quality()),
              point.front() ? "*" : ""));
      table.row(row.toArray());
    }
    return table;
  }

  /** What the grid varied, in the order in which trials name it. */
  public List<String> keys() {
    SequencedSet<String> keys = new LinkedHashSet<>();
    trials.forEach(trial -> keys.addAll(trial.keys().keySet()));
    return List.copyOf(keys);
  }

  private List<SweepAccuracy> registers() {
    Map<String, SweepAccuracy> registers =
        trials.stream()
            .flatMap(trial -> trial.figures().stream())
            .flatMap(figures -> figures.accumulators().stream())
            .collect(Collectors.toMap(SweepAccuracy::accumulator, one -> one, (one, same) -> one));
    return registers.values().stream()
        .sorted(Comparator.comparing(SweepAccuracy::way).thenComparingInt(SweepAccuracy::bits))
        .toList();
  }

  private String counts() {
    Map<String, Long> byStatus =
        trials.stream().collect(Collectors.groupingBy(SweepTrial::status, Collectors.counting()));
    return List.of(SweepTrial.DONE, SweepTrial.UNCERTIFIED, SweepTrial.FAILED, SweepTrial.PENDING)
        .stream()
        .filter(byStatus::containsKey)
        .map(status -> byStatus.get(status) + " " + status)
        .collect(Collectors.joining(", "));
  }
}
