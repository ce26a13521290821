package dev.narrows.report.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.Table;
import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.markdown.MarkdownReport;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What pages and tables say must be what was shown, and no more. */
class StatementsTest {
  private static Summary summary(Result... results) {
    return Summary.of(ReportRun.of("r", results));
  }

  private static String titles(Result result) {
    return result.tables().stream().map(Table::title).collect(Collectors.joining("\n"));
  }

  @Test
  void certificate_tooFewBits_saysFirstThatItDoesNotHold() {
    Summary summary = summary(StatementRuns.certificate(10, "sums"));
    assertThat(summary.sentences().getFirst())
        .isEqualTo(
            "The certificate does not hold: registers of 10 bits are not enough. Of 2 layers 1"
                + " needs up to 12 bits: conv2. It does not cover fc.");
    assertThat(titles(StatementRuns.certificate(10, "sums")))
        .startsWith("DOES NOT HOLD, 1 of 2 layers need more bits")
        .endsWith("not covered: fc");
    String page =
        MarkdownReport.page(
            new Report(
                "t", List.of(), List.of(ReportRun.of("r", StatementRuns.certificate(10, "sums")))),
            MarkdownReport.ChartLinks.NONE);
    assertThat(page).contains("- The certificate does not hold", "**DOES NOT HOLD");
  }

  @Test
  void certificate_thatHolds_saysWhatItCovers() {
    Summary summary = summary(StatementRuns.certificate(12, "sums"));
    assertThat(summary.sentences().getFirst())
        .isEqualTo(
            "The certificate holds: registers of 12 bits overflow in none of 2 layers, for any"
                + " input and in any order. It does not cover fc.");
    assertThat(summary.proven()).contains(12);
  }

  @Test
  void certificate_ofTerms_provesNothingOfSums() {
    Summary summary = summary(StatementRuns.certificate(12, "terms"));
    assertThat(summary.proven()).isEmpty();
    assertThat(summary.sentences())
        .first()
        .asString()
        .contains("every term of 2 layers fits", "sums may still leave them");
    assertThat(summary.sentences()).noneMatch(text -> text.contains("can overflow any sum"));
  }

  @Test
  void trainedNetwork_excludedLayers_headlinesTheWidthItWasTrainedFor() {
    for (Summary summary :
        List.of(
            summary(StatementRuns.analysis(true)),
            summary(StatementRuns.trained(), StatementRuns.analysis(false)),
            summary(StatementRuns.trained(), StatementRuns.analysis(true)))) {
      assertThat(summary.trained()).contains(14);
      assertThat(summary.proven()).contains(14);
      assertThat(summary.exactLayers()).containsExactly("first");
      assertThat(summary.sentences())
          .contains(
              "The network was trained to be safe in registers of 14 bits, all layers but first,"
                  + " and its integers are.",
              "These widths leave out first, which keep exact registers.");
    }
    assertThat(titles(StatementRuns.trained())).contains("trained to be safe in 14 bits");
    assertThat(titles(StatementRuns.analysis(true)))
        .contains("trained to be safe in 14 bits, but for first in exact registers");
    assertThat(summary(StatementRuns.analysis(false)).proven()).contains(19);
  }

  @Test
  void evaluation_registersPerLayer_areKeptBesideTheCurves() {
    AccuracyView view = AccuracyView.of(StatementRuns.perLayer());
    assertThat(view.curves()).isEmpty();
    assertThat(view.others())
        .extracting(row -> row.accumulator() + " " + row.accuracy())
        .containsExactly("per layer 84.5", "m7e4(12) 71.25");
  }

  @Test
  void sensitivity_widths_areSaidNotToCombine() {
    assertThat(titles(StatementRuns.analysis(true))).contains("these widths do not combine");
  }

  @Test
  void pairs_noneUnsafe_sayWhatWasCheckedAndWhatNot() {
    assertThat(titles(StatementRuns.analysis(true)))
        .contains(
            "checked is the sum of one pair in a 16-bit lane",
            "not kernels that add further pairs in 16 bits");
  }

  @Test
  void analysis_storedWithItsTraining_readsBackEqual() {
    assertThat(ResultJson.read("a", ResultJson.write(StatementRuns.analysis(true))))
        .isEqualTo(StatementRuns.analysis(true));
    assertThat(ResultJson.write(StatementRuns.analysis(false)))
        .doesNotContain("trainedBits", "exactLayers");
  }
}
