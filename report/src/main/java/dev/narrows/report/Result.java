package dev.narrows.report;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something found out that can be printed as a table and stored as JSON. {@link ResultKind} lists
 * the records that implement it; what is done with a result of any kind is asked there.
 */
public interface Result {
  /** Its place in the registry of kinds. */
  ResultKind resultKind();

  /** What JSON carries as {@code schema}: {@code narrows/<kind>/<version>}. */
  default String schema() {
    return resultKind().schema();
  }

  /** The evaluations inside it, whose accuracies a summary judges; none by default. */
  default List<EvaluationResult> evaluations() {
    return List.of();
  }

  /** The same numbers for people; more than one table where one would mix things. */
  List<Table> tables();

  /** What of the tables one reads first, for a screen: all of them by default. */
  default List<Table> brief() {
    return tables();
  }

  /** What is read first, then every other table. */
  default List<Table> briefFirst() {
    List<Table> first = brief();
    List<String> titles = first.stream().map(Table::title).toList();
    return Stream.concat(
            first.stream(), tables().stream().filter(table -> !titles.contains(table.title())))
        .toList();
  }
}
