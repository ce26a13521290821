package dev.narrows.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Rows under a header, printed aligned or as CSV. */
public final class Table {
  private final String title;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] numeric;
  private List<String> lead = List.of();

  /** An empty table. */
  public Table(String title, List<String> columns) {
    this.title = title;
    this.columns = List.copyOf(columns);
    this.numeric = new boolean[columns.size()];
    Arrays.fill(numeric, true);
  }

  /**
   * Lines that are said before the table where there is nothing but text; a page has a place of its
   * own for what they say.
   *
   * @param lines a sentence, then lines that are drawn with characters, each as it stands
   */
  Table led(List<String> lines) {
    lead = List.copyOf(lines);
    return this;
  }

  /** What is said before the table: a sentence, then drawn lines. */
  public List<String> lead() {
    return lead;
  }

  /** What stands above the table. */
  public String title() {
    return title;
  }

  /** The header. */
  public List<String> columns() {
    return columns;
  }

  /** Whether a column holds numbers only. */
  public boolean numeric(int column) {
    return numeric[column];
  }

  /** Adds a row with one cell for every column; a column of numbers only is aligned right. */
  public void row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException("need " + columns.size() + " cells, got " + cells.length);
    }
    List<String> row = Arrays.stream(cells).map(String::valueOf).toList();
    for (int i = 0; i < cells.length; i++) {
      numeric[i] &= row.get(i).isEmpty() || row.get(i).matches("-?[0-9.,]+");
    }
    rows.add(row);
  }

  /** The same table, but for one column if nothing stands in it. */
  Table withoutEmpty(String column) {
    int left = columns.indexOf(column);
    if (left < 0 || rows.stream().anyMatch(row -> !row.get(left).isEmpty())) {
      return this;
    }
    Table table = new Table(title, without(columns, left));
    rows.forEach(row -> table.row(without(row, left).toArray()));
    return table;
  }

  private static List<String> without(List<String> cells, int left) {
    List<String> others = new ArrayList<>(cells);
    others.remove(left);
    return others;
  }

  /** The cells of every row, the header left out. */
  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** The table for a plain file: every row in full. */
  public String text() {
    return Screen.everything().text(this);
  }

  /** The table as CSV (RFC 4180, lines end in a line feed), header first. */
  public String csv() {
    StringBuilder text = new StringBuilder(csv(columns));
    rows.forEach(row -> text.append(csv(row)));
    return text.toString();
  }

  private static String csv(List<String> cells) {
    return String.join(",", cells.stream().map(Table::quoted).toList()) + "\n";
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[\",\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  /** Four decimals and a point, whatever the locale. */
  public static String decimals(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A percentage with two decimals and a point, whatever the locale. */
  public static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
