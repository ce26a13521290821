package dev.narrows.report.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.Table;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import dev.narrows.report.summary.Summary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
  private static final String PAGE =
      MarkdownReport.page(
          new Report("Sample", List.of("Made | up."), List.of(SampleRuns.resnet20())),
          new MarkdownReport.ChartLinks(
              List.of(new MarkdownReport.Image("Both", "both.svg")),
              List.of(List.of(new MarkdownReport.Image("Accuracy", "a b.svg")))));

  @Test
  void page_everyAccuracy_isInItsRow() {
    for (AccumulatorResult row : SampleRuns.evaluation().results()) {
      assertThat(PAGE)
          .contains(
              "| "
                  + row.accumulator()
                  + " | "
                  + Table.percent(row.accuracy())
                  + " | "
                  + row.differing()
                  + " |");
    }
  }

  @Test
  void page_smallestWidth_isBold() {
    assertThat(PAGE).containsPattern("\\| 12 \\|.*\\*\\*\\d\\d\\.\\d\\d\\*\\*");
  }

  @Test
  void page_marksInTexts_areEscaped() {
    assertThat(PAGE).contains("Made \\| up.", "\\</script\\>\\<b\\>with marks");
    assertThat(PAGE).containsSubsequence("![Both](both.svg)", "![Accuracy](a%20b.svg)");
    assertThat(PAGE).contains("./narrows train recipes/resnet20-pqs.yaml --out 'runs/my sample'");
  }

  @Test
  void page_ofAFigure_hasClaimsThenNotesThenGridsThenChartsThenTheCommand() {
    ReportRun run =
        new ReportRun(
            "figure",
            List.of(SampleRuns.reproduction()),
            Map.of("command", List.of("reproduce", "sample-fig1"), "libraries", Map.of("a", 1)),
            List.of(),
            Optional.empty());
    String page =
        MarkdownReport.page(
            new Report("Figure", List.of(), List.of(run)),
            new MarkdownReport.ChartLinks(
                List.of(), List.of(List.of(new MarkdownReport.Image("Lines", "lines.svg")))));
    assertThat(page)
        .containsSubsequence(
            "| gain in points | not available |  | 36.00 |",
            "- Where it differs, and why.",
            "| 13 | 9.80 | 9.80 (9.09 to 11.18) |",
            "![Lines](lines.svg)",
            "./narrows reproduce sample-fig1",
            "| libraries | a 1 |");
  }

  @Test
  void page_overflowTable_endsWhereLayersInNarrowRegistersAreClean() {
    int widest = Summary.of(SampleRuns.resnet20()).seen().orElseThrow();
    assertThat(PAGE)
        .contains(" | " + widest + " bits |\n")
        .doesNotContain((widest + 1) + " bits |");
  }
}
