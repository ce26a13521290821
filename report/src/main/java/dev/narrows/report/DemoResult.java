package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code narrows/demo/1}: what the demo shows.
 *
 * @param network the evaluation of the network trained with exact registers
 * @param smallest per accumulator and order, the smallest width within one point of float
 * @param register the evaluation of the network trained through a narrow register
 * @param registerBits that register's width
 * @param notes plain sentences about what the figures show
 */
public record DemoResult(
    EvaluationResult network,
    Map<String, Optional<Integer>> smallest,
    EvaluationResult register,
    int registerBits,
    List<String> notes)
    implements Result {
  /** Copies the notes. */
  public DemoResult {
    notes = List.copyOf(notes);
  }

  @Override
  public String schema() {
    return "narrows/demo/1";
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(network.tables());
    Table widths =
        new Table("Smallest width within one point of float", List.of("accumulator", "bits"));
    smallest.forEach(
        (name, bits) -> widths.row(name, bits.<Object>map(b -> b).orElse("none of these")));
    tables.add(widths);
    tables.addAll(register.tables());
    return tables;
  }
}
