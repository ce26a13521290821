package dev.narrows.report.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.Comparison;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.LayerAccumulator;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.ReportRun;
import dev.narrows.report.summary.Summary.Width;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static AccumulatorResult row(String accumulator, double accuracy) {
    return new AccumulatorResult(
        accumulator,
        accuracy,
        accumulator.equals("exact") ? 0 : 1,
        Optional.empty(),
        List.of(new LayerAccumulator("first", "exact"), new LayerAccumulator("conv", accumulator)));
  }

  private static EvaluationResult evaluation(
      Optional<Double> floatAccuracy, AccumulatorResult... rows) {
    return new EvaluationResult(
        new NetworkFile("n", "00"),
        "d/test",
        100,
        floatAccuracy,
        Optional.empty(),
        Arrays.asList(rows));
  }

  @Test
  void widths_ofSeveralWays_arePlainAndReachable() {
    Summary summary =
        Summary.of(
            ReportRun.of(
                "r",
                evaluation(
                    Optional.of(90.0),
                    row("exact", 89.9),
                    row("int10:saturate", 50),
                    row("int11:saturate", 89.5),
                    row("int9:saturate:sorted", 70),
                    row("int10:saturate:sorted", 89.25),
                    row("int8:resolved", 89.9),
                    row("int9:wrap and per layer", 90))));
    assertThat(summary.plain()).contains(new Width(11, "saturate", 89.5, 100));
    assertThat(summary.reachable()).contains(new Width(10, "saturate:sorted", 89.25, 100));
    assertThat(summary.proven()).isEmpty();
    assertThat(summary.accuracies().getFirst().pinned()).containsExactly("first");
    assertThat(summary.accuracies().getFirst().curves())
        .extracting(AccuracyView.Curve::way)
        .containsExactly("saturate", "saturate:sorted", "resolved");
    assertThat(summary.sentences())
        .contains(
            "On 100 images of d/test the network reaches 90.00 % in float, 89.90 % in exact"
                + " registers.",
            "A plain saturating register stays within 1 point of float down to 11 bits (89.50 %);"
                + " 10 bits are enough summing in sorted order (89.25 %).",
            "These widths leave out first, which keep exact registers.");
  }

  @Test
  void reference_floatUnknown_isTheExactRegisters() {
    AccuracyView view =
        AccuracyView.of(evaluation(Optional.empty(), row("exact", 80), row("int8:saturate", 79.5)));
    assertThat(view.reference()).contains(80.0);
    assertThat(view.curves().getFirst().smallest()).contains(8);
    AccuracyView neither = AccuracyView.of(evaluation(Optional.empty(), row("int8:wrap", 79.5)));
    assertThat(neither.curves().getFirst().smallest()).isEmpty();
  }

  @Test
  void evaluations_ofTheSameNetworkAndImages_areOneView() {
    EvaluationResult first = evaluation(Optional.of(90.0), row("exact", 90), row("int8:wrap", 60));
    EvaluationResult second =
        evaluation(Optional.empty(), row("int8:wrap", 60), row("int9:wrap", 89.5));
    Summary summary = Summary.of(ReportRun.of("r", first, second));
    assertThat(summary.accuracies()).hasSize(1);
    assertThat(summary.accuracies().getFirst().curves().getFirst().points()).hasSize(2);
    assertThat(summary.reachable()).contains(new Width(9, "wrap", 89.5, 100));
  }

  @Test
  void sentences_noWidthIsEnough_nameTheBestAndWhatExactRegistersDo() {
    EvaluationResult evaluation =
        evaluation(
            Optional.of(91.7),
            row("exact", 37),
            row("int9:saturate:sorted", 89.9),
            row("int9:saturate", 89.8),
            row("int9:resolved", 89.95));
    assertThat(Summary.of(ReportRun.of("r", evaluation)).sentences())
        .contains(
            "No register that was tried stays within 1 point of float; the best, 9 bits summing in"
                + " sorted order, has 89.90 %.",
            "In exact registers it falls to 37.00 %: it was made for its narrow register.");
  }

  @Test
  void reference_withoutARowOfExactRegisters_isKnownFromOthers() {
    AccumulatorResult same =
        new AccumulatorResult("int20:saturate", 88, 0, Optional.empty(), List.of());
    EvaluationResult some =
        evaluation(Optional.empty(), row("int16:saturate", 44), row("int17:saturate", 87.5), same);
    assertThat(some.exactAccuracy()).contains(88.0);
    assertThat(Summary.of(ReportRun.of("r", some)).plain())
        .contains(new Width(17, "saturate", 87.5, 100));
    EvaluationResult none = evaluation(Optional.empty(), row("int16:saturate", 44));
    assertThat(none.exactAccuracy()).isEmpty();
    assertThat(Summary.of(ReportRun.of("r", none)).sentences())
        .noneMatch(sentence -> sentence.contains("within 1 point"));
  }

  @Test
  void exactAccuracy_fromAPair_isThatOfBoth() {
    EvaluationResult one =
        new EvaluationResult(
            new NetworkFile("n", "00"),
            "d/test",
            100,
            Optional.empty(),
            Optional.empty(),
            List.of(row("int16:saturate", 44)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(List.of(new Comparison("exact", "int16:saturate", 45, 1, 0))));
    assertThat(one.exactAccuracy()).contains(88.0);
  }

  @Test
  void sentences_networkThatNeedsItsRegister_sayIt() {
    EvaluationResult evaluation =
        evaluation(Optional.of(88.0), row("exact", 86), row("int7:saturate:sorted", 88.5));
    assertThat(Summary.of(ReportRun.of("r", evaluation)).sentences())
        .contains("In exact registers it falls to 86.00 %: it was made for its narrow register.");
    assertThat(Summary.of(SampleRuns.resnet20()).sentences())
        .noneMatch(text -> text.contains("made for its narrow register"));
  }

  @Test
  void widths_onFewerImages_neverHideThoseOnMore() {
    EvaluationResult many =
        evaluation(Optional.of(90.0), row("exact", 90), row("int12:saturate", 89.5));
    EvaluationResult few =
        new EvaluationResult(
            many.network(),
            many.dataset(),
            10,
            Optional.of(90.0),
            Optional.empty(),
            List.of(row("int8:saturate", 90)));
    Summary both = Summary.of(ReportRun.of("r", few, many));
    assertThat(both.plain()).contains(new Width(12, "saturate", 89.5, 100));
    assertThat(both.sentences())
        .contains(
            "On 100 images: a plain saturating register stays within 1 point of float down to 12"
                + " bits (89.50 %), and no other way of summing that was tried needs fewer.");
    EvaluationResult exactOnly = evaluation(Optional.of(90.0), row("exact", 90));
    assertThat(Summary.of(ReportRun.of("r", few, exactOnly)).plain())
        .contains(new Width(8, "saturate", 90, 10));
  }

  @Test
  void widths_ofLayers_leaveOutThoseOnExactRegisters() {
    Summary alone = Summary.of(ReportRun.of("r", SampleRuns.analysis()));
    Summary both = Summary.of(SampleRuns.resnet20());
    assertThat(alone.proven()).contains(21); // fc: 8-bit operands
    assertThat(both.proven()).contains(16);
    assertThat(both.dataType()).contains(18);
    assertThat(both.seen().orElseThrow()).isLessThan(16);
  }

  @Test
  void proven_withoutAnAnalysis_isTheCertificates() {
    assertThat(Summary.of(ReportRun.of("r", SampleRuns.certificate())).proven()).contains(16);
  }
}
