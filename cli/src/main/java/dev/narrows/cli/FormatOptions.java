package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.Screen;
import dev.narrows.report.Table;
import java.util.List;
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

  /** Prints the result in this form; as tables what fits a screen, unless all is to be told. */
  static void print(Terminal terminal, Result result, Format form) {
    switch (form) {
      case json -> terminal.out().print(ResultJson.write(result));
      case csv -> terminal.out().print(csv(result));
      case table -> tables(terminal, result);
    }
    terminal.out().flush();
  }

  private static void tables(Terminal terminal, Result result) {
    Screen screen = terminal.screen();
    List<Table> all = result.briefFirst();
    List<Table> shown = terminal.verbose() ? all : result.brief();
    terminal.out().print(shown.stream().map(screen::text).collect(Collectors.joining("\n")));
    terminal.out().flush();
    int others = all.size() - shown.size();
    if (others > 0 || shown.stream().anyMatch(screen::cuts)) {
      terminal.note(
          "--verbose shows %s; --format csv and json have all figures"
              .formatted(others > 0 ? "%d more tables".formatted(others) : "every row"));
    }
  }

  /** Every table of a result, an empty line between two. */
  static String csv(Result result) {
    return result.tables().stream().map(Table::csv).collect(Collectors.joining("\n"));
  }
}
