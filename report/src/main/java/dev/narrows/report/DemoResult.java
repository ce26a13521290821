package dev.narrows.report;

import dev.narrows.report.EvaluationResult.OverflowCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/demo/1}: what the demo shows.
 *
 * @param network the evaluation of the network trained for exact registers, as stored in its run
 * @param widths the same figures by width, narrowest first
 * @param smallest by way of summing, the smallest width within one point of float; a way without
 *     one is absent
 * @param register the evaluation of the network trained through a narrow register
 * @param registerBits that register's width
 * @param notes plain sentences about what the figures show
 */
public record DemoResult(
    EvaluationResult network,
    List<WidthRow> widths,
    Map<String, Integer> smallest,
    EvaluationResult register,
    int registerBits,
    List<String> notes)
    implements Result {
  /** Copies the collections. */
  public DemoResult {
    widths = List.copyOf(widths);
    smallest = new LinkedHashMap<>(smallest);
    notes = List.copyOf(notes);
  }

  /**
   * One width.
   *
   * @param bits P, the width of the register
   * @param accuracies in percent, by way of summing: saturate, wrap, sorted, …
   * @param classes of dot products, by order: natural, ascending, sorted(1), sorted
   */
  public record WidthRow(
      int bits, Map<String, Double> accuracies, Map<String, OverflowCounts> classes) {
    /** Copies the maps, keeping their order. */
    public WidthRow {
      accuracies = new LinkedHashMap<>(accuracies);
      classes = new LinkedHashMap<>(classes);
    }
  }

  @Override
  public List<EvaluationResult> evaluations() {
    return List.of(network, register);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.DEMO;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(accuracies());
    tables.add(classes());
    Table smallestWidths =
        new Table("Smallest width within one point of float", List.of("sum", "bits"));
    if (!widths.isEmpty()) {
      for (String way : widths.getFirst().accuracies().keySet()) {
        smallestWidths.row(
            way,
            Optional.ofNullable(smallest.get(way)).<Object>map(b -> b).orElse("none shown here"));
      }
    }
    tables.add(smallestWidths);
    Table through =
        new Table(
            "Through a %d-bit register, accuracy in percent (float %s)"
                .formatted(
                    registerBits, register.floatAccuracy().map(Table::percent).orElse("unknown")),
            List.of("accumulator", "first network", "trained through it"));
    for (EvaluationResult.AccumulatorResult row : register.results()) {
      String before =
          network.results().stream()
              .filter(first -> first.accumulator().equals(row.accumulator()))
              .map(first -> Table.percent(first.accuracy()))
              .findFirst()
              .orElse("");
      through.row(row.accumulator(), before, Table.percent(row.accuracy()));
    }
    tables.add(through);
    return tables;
  }

  private Table accuracies() {
    List<String> columns = new ArrayList<>(List.of("bits"));
    if (!widths.isEmpty()) {
      columns.addAll(widths.getFirst().accuracies().keySet());
    }
    Table table = new Table("Accuracy in percent, by register width", columns);
    for (WidthRow row : widths) {
      List<Object> cells = new ArrayList<>(List.of(row.bits()));
      row.accuracies().values().forEach(accuracy -> cells.add(Table.percent(accuracy)));
      table.row(cells.toArray());
    }
    return table;
  }

  private Table classes() {
    List<String> columns = new ArrayList<>(List.of("bits", "persistent"));
    if (!widths.isEmpty()) {
      for (String order : widths.getFirst().classes().keySet()) {
        columns.add(order + ": clean");
        columns.add("transient");
      }
    }
    Table table = new Table("Dot products in percent, by class (persistent in any order)", columns);
    for (WidthRow row : widths) {
      List<Object> cells = new ArrayList<>(List.of(row.bits()));
      cells.add(
          row.classes().values().stream()
              .findFirst()
              .map(c -> Table.percent(c.share(c.persistent())))
              .orElse(""));
      for (OverflowCounts c : row.classes().values()) {
        cells.add(Table.percent(c.share(c.clean())));
        cells.add(Table.percent(c.share(c.transientDots())));
      }
      table.row(cells.toArray());
    }
    return table;
  }
}
