package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.run.Environment;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a command's result is told; mixed into every command that has one. */
final class OutputOptions {
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

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write the result into this folder, as JSON and CSV.")
  private Optional<Path> out = Optional.empty();

  /** A table, unless asked otherwise. */
  OutputOptions() {
    this(Format.table);
  }

  /** This format, unless asked otherwise. */
  OutputOptions(Format format) {
    this.format = format;
  }

  /**
   * Prints the result, and where asked to writes {@code name.json}, {@code name.csv} and {@code
   * environment.json}, which a run folder has of its own already.
   */
  void tell(Commands commands, Result result, String name) throws IOException {
    if (out.isPresent()) {
      Path folder = out.get();
      Files.createDirectories(folder);
      write(folder.resolve(name + ".json"), ResultJson.write(result));
      write(folder.resolve(name + ".csv"), csv(result));
      if (!Files.exists(folder.resolve("recipe.yaml"))) {
        write(folder.resolve("environment.json"), Environment.here(commands.arguments()).json());
      }
    }
    print(commands.terminal(), result, format);
  }

  /** Prints a result in a form. */
  static void print(Terminal terminal, Result result, Format format) {
    terminal
        .out()
        .print(
            switch (format) {
              case json -> ResultJson.write(result);
              case csv -> csv(result);
              case table ->
                  result.tables().stream()
                      .map(table -> table.text(terminal.interactive()))
                      .collect(Collectors.joining("\n"));
            });
    terminal.out().flush();
  }

  private static String csv(Result result) {
    return result.tables().stream().map(Table::csv).collect(Collectors.joining("\n"));
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
