package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.charts.ChartRenderer;
import dev.narrows.report.charts.ChartRenderer.DrawnChart;
import dev.narrows.report.html.HtmlReport;
import dev.narrows.report.markdown.MarkdownReport;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.StoredRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that a report becomes. */
final class ReportFiles {
  /** Pixels for each unit of a chart: 1800 across. */
  private static final double SCALE = 2;

  private ReportFiles() {}

  /** Writes {@code report.html} into a folder of stored results and tells of it. */
  static void html(Terminal terminal, String title, Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    html(StoredRuns.report(Optional.of(title), List.of(folder)), file);
    terminal.note("report: " + file);
  }

  static void html(Report report, Path file) throws IOException {
    AtomicFile.write(file, HtmlReport.page(report));
  }

  /**
   * Writes every chart as SVG and PNG.
   *
   * @param page where links to the charts are seen from
   * @return the links
   */
  static MarkdownReport.ChartLinks charts(Terminal terminal, Report report, Path folder, Path page)
      throws IOException {
    ChartRenderer renderer =
        ChartRenderer.find()
            .orElseThrow(() ->
                new BadInputException(
                    "--charts: what draws them is not on the class path; ./narrows report --charts"
                        + " DIR builds it"));
    Files.createDirectories(folder);
    List<List<MarkdownReport.Image>> links = new ArrayList<>();
    report.runs().forEach(run -> links.add(new ArrayList<>()));
    List<MarkdownReport.Image> ofSeveral = new ArrayList<>();
    terminal.note("drawing charts, some seconds each");
    List<DrawnChart> charts =
        renderer.draw(report, (done, all) -> terminal.note("chart " + done + " of " + all));
    for (DrawnChart chart : charts) {
      String name =
          chart
              .run()
              .filter(run -> report.runs().size() > 1)
              .map(run -> report.runs().get(run).name().replaceAll("[^A-Za-z0-9._-]+", "_") + "-")
              .orElse("")
              .concat(chart.id());
      Path svg = folder.resolve(name + ".svg");
      AtomicFile.write(svg, chart.svg());
      byte[] png = renderer.png(chart, SCALE);
      AtomicFile.write(folder.resolve(name + ".png"), out -> out.write(png));
      chart
          .run()
          .map(links::get)
          .orElse(ofSeveral)
          .add(new MarkdownReport.Image(chart.title(), relative(page, svg)));
    }
    return new MarkdownReport.ChartLinks(ofSeveral, links);
  }

  private static String relative(Path page, Path file) {
    Path from = page.toAbsolutePath().normalize().resolveSibling("");
    return from.relativize(file.toAbsolutePath().normalize()).toString();
  }
}
