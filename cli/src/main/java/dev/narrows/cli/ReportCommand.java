package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.markdown.MarkdownReport;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.StoredRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code report}: a page made again from stored results. */
@Command(
    name = "report",
    description = {
      "Makes a page from stored results: of run folders, of folders that analyze, evaluate or",
      "certify wrote with --out, of single JSON files."
    })
final class ReportCommand implements Callable<Integer> {
  /** The forms of a page. */
  enum To {
    html,
    markdown
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "A run folder, a folder of runs, or a JSON file of results.")
  private List<Path> runs = List.of();

  @Option(
      names = "--to",
      paramLabel = "html|markdown",
      description = "The form of the page (default: ${DEFAULT-VALUE}).")
  private To to = To.html;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Where the page goes (default: report.html in the only RUN; Markdown goes to",
        "standard output)."
      })
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--charts",
      paramLabel = "DIR",
      description = {
        "Also write every chart as SVG and PNG into this folder, without a browser.",
        "The first time downloads a JavaScript engine (64 MB)."
      })
  private Optional<Path> charts = Optional.empty();

  @Option(names = "--title", paramLabel = "TEXT", description = "The title of the page.")
  private Optional<String> title = Optional.empty();

  private final Commands commands;

  ReportCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Report report = StoredRuns.report(title, runs);
    Optional<Path> file = file();
    if (file.isPresent()) {
      if (Files.isDirectory(file.get())) {
        throw new BadInputException(
            "--out: %s is a folder, expected the file for the page".formatted(file.get()));
      }
      Files.createDirectories(file.get().toAbsolutePath().resolveSibling(""));
    }
    MarkdownReport.ChartLinks images = MarkdownReport.ChartLinks.NONE;
    if (charts.isPresent()) {
      images =
          ReportFiles.charts(
              commands.terminal(), report, charts.get(), file.orElse(Path.of("page")));
    }
    switch (to) {
      case html -> {
        ReportFiles.html(report, file.orElseThrow());
        commands.terminal().note("report: " + file.orElseThrow());
      }
      case markdown -> {
        String page = MarkdownReport.page(report, images);
        if (file.isPresent()) {
          AtomicFile.write(file.get(), page);
        } else {
          commands.terminal().out().print(page);
          commands.terminal().out().flush();
        }
      }
    }
    return ExitCode.DONE;
  }

  private Optional<Path> file() {
    if (out.isPresent() || to == To.markdown) {
      return out;
    }
    if (runs.size() > 1 || !Files.isDirectory(runs.getFirst())) {
      throw new BadInputException(
          "--out: needed unless the only RUN is a folder, which then gets report.html");
    }
    return Optional.of(runs.getFirst().resolve("report.html"));
  }
}
