package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where tables are read: how wide it is, and whether all rows are wanted.
 *
 * @param columns characters in a line, ≥ 1; {@link #UNLIMITED} where nobody looks on
 * @param rows most rows of a table, ≥ 1
 * @param colour whether headers may be bold: on a terminal only
 */
public record Screen(int columns, int rows, boolean colour) {
  /** No limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** A text column is not cut below this. */
  private static final int LEAST_COLUMN = 12;

  private static final String GAP = "  ";
  private static final String CUT = "…";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  /** A file or a pipe, which holds every row in full. */
  public static Screen everything() {
    return new Screen(UNLIMITED, UNLIMITED, false);
  }

  /** Whether a table has rows that this does not show. */
  public boolean cuts(Table table) {
    return table.rows().size() > rows;
  }

  /**
   * A table, aligned. If it is too wide, the widest columns of text lose the middle of what they
   * say; a table of sentences, which has one column, and what is said above tables are wrapped.
   */
  public String text(Table table) {
    StringBuilder text = new StringBuilder();
    if (!table.lead().isEmpty()) {
      table.lead().forEach(line -> text.append(line).append('\n'));
      text.append('\n');
    }
    wrapped(table.title()).forEach(line -> text.append(line).append('\n'));
    List<List<String>> shown = table.rows().subList(0, Math.min(rows, table.rows().size()));
    if (table.columns().size() == 1) {
      text.append(header(table.columns().getFirst())).append('\n');
      shown.forEach(row -> wrapped(row.getFirst()).forEach(line -> text.append(line).append('\n')));
    } else {
      int[] widths = widths(table, shown);
      text.append(header(line(table, table.columns(), widths))).append('\n');
      shown.forEach(row -> text.append(line(table, row, widths)).append('\n'));
    }
    if (cuts(table)) {
      text.append("%s and %,d more rows\n".formatted(CUT, table.rows().size() - rows));
    }
    return text.toString();
  }

  private String header(String line) {
    return colour ? BOLD + line + PLAIN : line;
  }

  /** A sentence in lines, each but the first indented; a word is never broken. */
  private List<String> wrapped(String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ")) {
      if (!line.toString().isBlank() && (long) line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line = new StringBuilder(GAP).append(word);
      } else {
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  private int[] widths(Table table, List<List<String>> shown) {
    int[] widths = table.columns().stream().mapToInt(String::length).toArray();
    for (List<String> row : shown) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    while (total(widths) > columns) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean cuttable =
            !table.numeric(i)
                && widths[i] > Math.max(LEAST_COLUMN, table.columns().get(i).length());
        if (cuttable && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        return widths; // lines wrap where the terminal wraps them
      }
      widths[widest]--;
    }
    return widths;
  }

  private static long total(int[] widths) {
    long total = (long) GAP.length() * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private static String line(Table table, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cut(cells.get(i), widths[i]);
      String pad = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : GAP).append(table.numeric(i) ? pad + cell : cell + pad);
    }
    return line.toString().stripTrailing();
  }

  /** The beginning and the end, which tell layers' names apart. */
  private static String cut(String cell, int width) {
    if (cell.length() <= width) {
      return cell;
    }
    int end = (width - CUT.length()) / 2;
    return cell.substring(0, width - CUT.length() - end)
        + CUT
        + cell.substring(cell.length() - end);
  }
}
