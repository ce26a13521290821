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
      tables.add(pointTable("Accuracy in percent by register; front: none is better and narrower"));
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

  private Table trialTable(boolean whole) {
    List<String> keys = keys();
    List<SweepAccuracy> registers = whole ? registers() : List.of();
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.addAll(keys);
    columns.addAll(List.of("seed", "hash", "status", "float %", "exact %", "exact validation %"));
    for (SweepAccuracy register : registers) {
      columns.add(register.accumulator() + " %");
      columns.add(register.accumulator() + " validation %");
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
      row.add(cell(trial, figures -> figures.floatAccuracy().map(Table::percent).orElse("")));
      row.add(cell(trial, figures -> Table.percent(figures.exactAccuracy())));
      row.add(cell(trial, figures -> Table.percent(figures.exactValidation())));
      for (SweepAccuracy register : registers) {
        Optional<SweepAccuracy> own =
            trial.figures().stream()
                .flatMap(figures -> figures.accumulators().stream())
                .filter(one -> one.accumulator().equals(register.accumulator()))
                .findFirst();
        row.add(own.map(one -> Table.percent(one.accuracy())).orElse(""));
        row.add(own.map(one -> Table.percent(one.validation())).orElse(""));
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

  private static String cell(SweepTrial trial, Function<SweepTrial.TrialFigures, String> text) {
    return trial.figures().map(text).orElse("");
  }

  private Table pointTable(String title) {
    List<String> keys = keys();
    List<String> columns = new ArrayList<>(List.of("label"));
    columns.addAll(keys);
    columns.addAll(List.of("seeds", "sum", "bits", "validation %", "test %", "front"));
    Table table = new Table(title, columns);
    for (SweepPoint point : points) {
      List<Object> row = new ArrayList<>(List.of(point.label()));
      keys.forEach(key -> row.add(point.keys().getOrDefault(key, "")));
      row.addAll(List.of(point.seeds().size(), point.way(), point.bits()));
      row.addAll(List.of(point.validation(), point.accuracy(), point.front() ? "*" : ""));
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
