package dev.narrows.report;

import java.util.List;
import java.util.Map;

/**
 * A plain list of things with the same keys, such as the known data sets; the schema is {@code
 * narrows/KIND/1}.
 *
 * @param kind what {@code schema} names, such as {@code data}
 * @param title of the table
 * @param columns keys of every item, in order
 * @param items each with a value for every column
 */
public record ListingResult(
    String kind, String title, List<String> columns, List<Map<String, Object>> items)
    implements Result {
  /** Copies the lists. */
  public ListingResult {
    columns = List.copyOf(columns);
    items = List.copyOf(items);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.LISTING;
  }

  @Override
  public String schema() {
    return "narrows/" + kind + "/1";
  }

  @Override
  public List<Table> tables() {
    Table table = new Table(title, columns);
    for (Map<String, Object> item : items) {
      table.row(columns.stream().map(item::get).toArray());
    }
    return List.of(table);
  }
}
