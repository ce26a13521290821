package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.fixture.SampleRuns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummationFactsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int9:saturate | int | saturate | 9 | sequential | saturate | saturating, natural order",
        "int9:saturate:sorted | int | saturate | 9 | sorted | saturate:sorted | saturating, sorted",
        "int8:wrap | int | wrap | 8 | sequential | wrap | wrap-around",
        "int8:wrap:sorted | int | wrap | 8 | sorted | wrap:sorted | wrap-around, sorted",
        "int8:resolved | int | resolved | 8 | sequential | resolved | resolved",
        "exact | exact | exact | 64 | sequential | exact | exact",
        "m4e3(6) | float | m4e3(6) | 8 | chunk(16) | m4e3(6) | m4e3(6)",
      })
  void facts_ofASummation_areWhatChartsNeed(
      String text, String family, String policy, int bits, String order, String way, String words) {
    assertThat(SummationFacts.of(Summation.parse(text)))
        .isEqualTo(new SummationFacts(family, policy, bits, order, way, words));
  }

  @Test
  void facts_ofAMix_areAbsent() {
    assertThat(new AccumulatorResult("int8:wrap and per layer", 1, 0, Optional.empty(), List.of()))
        .satisfies(row -> assertThat(row.summation()).isEmpty())
        .satisfies(row -> assertThat(row.named()).isEmpty())
        .satisfies(row -> assertThat(row.exact()).isFalse());
  }

  @Test
  void read_resultsWithoutFacts_derivesThem() {
    for (Result result : SampleRuns.resnet20().results()) {
      String json = ResultJson.write(result);
      String older = json.replaceAll(",\\s*\"summation\" : \\{[^}]*\\}", "");
      assertThat(older).doesNotContain("\"summation\"");
      assertThat(ResultJson.read("older", older)).isEqualTo(ResultJson.read("newer", json));
    }
  }

  @Test
  void sweepPoint_withoutWords_derivesThem() {
    SweepPoint.SeedSpread spread = new SweepPoint.SeedSpread(1, 1, 1);
    SweepPoint point =
        new SweepPoint("a2q", Map.of(), List.of(1L), "saturate:sorted", 9, spread, spread, false);
    assertThat(point.words()).contains("saturating, sorted");
    assertThat(point.summation()).contains(Summation.parse("int9:saturate:sorted"));
    SweepPoint proven =
        new SweepPoint("a2q", Map.of(), List.of(1L), "proven", 9, spread, spread, false);
    assertThat(proven.words()).contains("proven");
    assertThat(proven.summation()).isEmpty();
  }
}
