package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.run.Environment;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command prints its result; mixed into every command that has one. */
final class OutputOptions {
  @Mixin private FormatOptions formats;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write the result into this folder: JSON, and each table as CSV.")
  private Optional<Path> out = Optional.empty();

  private List<ExecutorEnvironment> executors = List.of();

  /** A table, unless asked otherwise. */
  OutputOptions() {
    this(FormatOptions.Format.table);
  }

  /** This format, unless asked otherwise. */
  OutputOptions(FormatOptions.Format format) {
    this.formats = new FormatOptions(format);
  }

  /** Other processes that worked for the result. */
  void workedOn(List<ExecutorEnvironment> some) {
    executors = List.copyOf(some);
  }

  /** What --out names. */
  Optional<Path> folder() {
    return out;
  }

  /**
   * Prints the result, and where asked to writes {@code name.json}, the tables in {@code
   * name-tables}, and {@code environment.json}, which a run folder has of its own already. What is
   * in a file need not be printed as one: then it is a table, unless asked otherwise.
   */
  void tell(Commands commands, Result result, String name) throws IOException {
    write(commands, result, name);
    if (out.isPresent() && !asked(commands)) {
      FormatOptions.print(commands.terminal(), result, FormatOptions.Format.table);
    } else {
      formats.print(commands.terminal(), result);
    }
  }

  private static boolean asked(Commands commands) {
    return commands.arguments().stream().anyMatch(word -> word.startsWith("--format"));
  }

  /** The same, in a form of the result's own unless asked otherwise. */
  void tell(Commands commands, Result result, String name, FormatOptions.Format usual)
      throws IOException {
    if (asked(commands)) {
      tell(commands, result, name);
      return;
    }
    write(commands, result, name);
    FormatOptions.print(commands.terminal(), result, usual);
  }

  private void write(Commands commands, Result result, String name) throws IOException {
    if (out.isPresent()) {
      Path folder = out.get();
      Files.createDirectories(folder);
      AtomicFile.write(folder.resolve(name + ".json"), ResultJson.write(result));
      TableFiles.write(folder.resolve(name + "-tables"), result);
      if (!Files.exists(folder.resolve("recipe.yaml"))) {
        AtomicFile.write(
            folder.resolve("environment.json"),
            Environment.here(commands.arguments()).json(executors));
      }
    }
  }
}
