package dev.narrows.report.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.Table;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.summary.Summary;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
  private static final String PAGE =
      MarkdownReport.page(
          new Report("Sample", List.of("Made | up."), List.of(SampleRuns.resnet20())),
          List.of(List.of(new MarkdownReport.Image("Accuracy", "a b.svg"))));

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
    assertThat(PAGE).contains("![Accuracy](a%20b.svg)");
    assertThat(PAGE).contains("./narrows train recipes/resnet20-pqs.yaml --out 'runs/my sample'");
  }

  @Test
  void page_overflowTable_endsWhereLayersInNarrowRegistersAreClean() {
    int widest = Summary.of(SampleRuns.resnet20()).seen().orElseThrow();
    assertThat(PAGE)
        .contains(" | " + widest + " bits |\n")
        .doesNotContain((widest + 1) + " bits |");
  }
}
