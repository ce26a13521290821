package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.Table;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** In which form a command's result goes to standard output. */
final class FormatOptions {
  /** The forms that standard output can take. */
  enum Format {
    table,
    json,
    csv
  }

  @Option(
      names = "--format",
      paramLabel = "table|json|csv",
      description = "What goes to standard output (default: ${DEFAULT-VALUE}).")
  private Format format;

  /** A table, unless asked otherwise. */
  FormatOptions() {
    this(Format.table);
  }

  /** This format, unless asked otherwise. */
  FormatOptions(Format format) {
    this.format = format;
  }

  boolean is(Format asked) {
    return format == asked;
  }

  /** Prints the result. */
  void print(Terminal terminal, Result result) {
    print(terminal, result, format);
  }

  /** Prints the result in this form. */
  static void print(Terminal terminal, Result result, Format form) {
    terminal
        .out()
        .print(
            switch (form) {
              case json -> ResultJson.write(result);
              case csv -> csv(result);
              case table ->
                  result.tables().stream()
                      .map(table -> table.text(terminal.interactive()))
                      .collect(Collectors.joining("\n"));
            });
    terminal.out().flush();
  }

  /** Every table of a result, an empty line between two. */
  static String csv(Result result) {
    return result.tables().stream().map(Table::csv).collect(Collectors.joining("\n"));
  }
}
