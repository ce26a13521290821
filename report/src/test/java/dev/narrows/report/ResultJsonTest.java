package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import dev.narrows.report.CertificateResult.CertifiedWitness;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.LayerAccumulator;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.fixture.StatementRuns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultJsonTest {
  private static final NetworkFile FILE = new NetworkFile("n.narrows", "ab".repeat(32));

  private static EvaluationResult evaluation() {
    return new EvaluationResult(
        FILE,
        "fashion-small/test",
        2000,
        Optional.of(88.25),
        Optional.empty(),
        List.of(
            new AccumulatorResult(
                "int12:saturate:sorted",
                87.5,
                15,
                Optional.of(new OverflowCounts(10, 7, 2, 1)),
                List.of(
                    new LayerAccumulator("conv1", "exact"),
                    new LayerAccumulator("conv2", "int12:saturate:sorted")))));
  }

  @Test
  void write_evaluation_hasTheKeysThatReadersRelyOn() {
    JsonNode json = JsonMapper.shared().readTree(ResultJson.write(evaluation()));
    assertThat(json.propertyNames().iterator().next()).isEqualTo("schema");
    assertThat(json.path("schema").asString()).isEqualTo("narrows/evaluation/1");
    assertThat(json.path("network").path("file").asString()).isEqualTo("n.narrows");
    assertThat(json.path("floatAccuracy").asDouble()).isEqualTo(88.25);
    assertThat(json.has("quantizedAgreement")).isFalse();
    JsonNode first = json.path("results").path(0);
    assertThat(first.path("accumulator").asString()).isEqualTo("int12:saturate:sorted");
    assertThat(first.path("accuracy").asDouble()).isEqualTo(87.5);
    assertThat(first.path("differing").asInt()).isEqualTo(15);
    assertThat(first.path("classes").path("transient").asLong()).isEqualTo(2);
  }

  @Test
  void read_evaluationOfTiles_countsImagesAndTiles() {
    EvaluationResult tiles =
        new EvaluationResult(
            FILE,
            "set5-x2/test",
            1234,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(QualityMeasure.PSNR),
            Optional.of(5),
            Optional.of(
                List.of(
                    new DecidedDots(
                        "int9:wrap",
                        7,
                        List.of(new DecidedDots.DecidingStep("the exact sum", 4))))));
    EvaluationResult read = ResultJson.readEvaluation("r.json", ResultJson.write(tiles));
    assertThat(read).isEqualTo(tiles);
    assertThat(read.tables().getFirst().title())
        .isEqualTo("PSNR on 1,234 tiles of 5 images of set5-x2/test");
    assertThat(evaluation().tables().getFirst().title())
        .startsWith("Accuracy on 2,000 images of fashion-small/test");
  }

  @Test
  void read_reproduction_isWhatWasWritten() {
    ReproductionResult result = SampleRuns.reproduction();
    String json = ResultJson.write(result);
    assertThat(ResultJson.read("reproduction.json", json)).isEqualTo(result);
    assertThat(ResultJson.readable(result.schema())).isTrue();
    assertThat(result.tables().getFirst().rows())
        .contains(List.of("gain in points", "not available", "", "36.00"));
  }

  @Test
  void readEvaluation_whatWasWritten_isEqual() {
    assertThat(ResultJson.readEvaluation("results.json", ResultJson.write(evaluation())))
        .isEqualTo(evaluation());
  }

  @Test
  void readEvaluation_wrongText_isToldInOneLine() {
    String json = ResultJson.write(evaluation());
    String newer = json.replace("evaluation/1", "evaluation/2");
    assertThatThrownBy(() -> ResultJson.readEvaluation("r.json", newer))
        .hasMessageContaining("r.json: expected schema narrows/evaluation/1")
        .hasMessageContaining("newer version");
    assertThatThrownBy(() -> ResultJson.readEvaluation("r.json", json.substring(0, 200)))
        .hasMessageContaining("r.json: not a narrows/evaluation/1");
    String missing = json.replace("\"dataset\"", "\"data\"");
    assertThatThrownBy(() -> ResultJson.readEvaluation("r.json", missing))
        .hasMessageContaining("dataset");
  }

  @Test
  void write_analysis_hasTheKeysThatReadersRelyOn() {
    OverflowProfile.Builder profile = OverflowProfile.builder();
    profile.add(3, 5, 4);
    profile.add(2, 2, 6);
    LayerOverflows layer =
        new LayerOverflows(
            "sequential",
            "offset",
            "after",
            10,
            LayerOverflows.widths(profile.build(), 32),
            Optional.empty());
    AnalysisResult result =
        new AnalysisBuilder(
                FILE,
                List.of(
                    new LayerAnalysis(
                        "conv1",
                        "conv2d",
                        9,
                        4,
                        8,
                        List.of(0L, 255L),
                        new LayerWidths(20, 18, Optional.empty(), 17),
                        16,
                        "exact",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(layer))))
            .seen("d", 1)
            .accuracy(Optional.of(50.0), Optional.empty())
            .build();
    JsonNode json = JsonMapper.shared().readTree(ResultJson.write(result)).path("layers").path(0);
    assertThat(json.path("terms").asInt()).isEqualTo(9);
    assertThat(json.path("inputRange").path(1).asLong()).isEqualTo(255);
    assertThat(json.path("bounds").path("dataType").asInt()).isEqualTo(20);
    assertThat(json.path("bounds").has("zeroCentred")).isFalse();
    assertThat(json.path("bounds").path("signSum").asInt()).isEqualTo(17);
    JsonNode widths = json.path("profile").path("widths");
    assertThat(widths.size()).isEqualTo(31);
    assertThat(widths.path(0).toString())
        .isEqualTo("{\"bits\":2,\"clean\":6,\"transient\":0,\"persistent\":4}");
    assertThat(widths.path(1).toString())
        .isEqualTo("{\"bits\":3,\"clean\":6,\"transient\":4,\"persistent\":0}");
    assertThat(json.path("profile").path("zero").asString()).isEqualTo("offset");
    assertThat(json.path("profile").path("bias").asString()).isEqualTo("after");
  }

  @Test
  void write_stepsAndWidthsOfChannels_areReadBackAndMayBeAbsent() {
    AnalysisResult result = StatementRuns.analysis(true);
    LayerOverflows seen = result.layers().getFirst().profile().orElseThrow();
    LayerOverflows told =
        new LayerOverflows(
            seen.order(),
            seen.zero(),
            seen.bias(),
            seen.dots(),
            seen.widths(),
            Optional.empty(),
            Optional.of(List.of(17, 18)));
    AnalysisResult whole =
        result
            .builder()
            .layers(List.of(result.layers().getFirst().withProfile(Optional.of(told))))
            .build();
    String json = ResultJson.write(whole);
    assertThat(ResultJson.read("test", json)).isEqualTo(whole);
    JsonNode tree = JsonMapper.shared().readTree(json);
    assertThat(tree.path("steps").path(2).path("inputs").toString())
        .isEqualTo("[\"conv\",\"first\"]");
    assertThat(tree.path("steps").path(0).path("inputs").toString()).isEqualTo("[\"\"]");
    assertThat(whole.layers().getFirst().withoutChannels()).isEqualTo(whole.layers().getFirst());
    AnalysisResult old = result.builder().steps(Optional.empty()).build();
    assertThat(ResultJson.write(old)).doesNotContain("steps", "channelWidths");
    assertThat(ResultJson.read("test", ResultJson.write(old))).isEqualTo(old);
  }

  @Test
  void write_certificate_keepsWitnessAndWholeNumbers() {
    long huge = 1L << 60;
    CertificateResult result =
        new CertificateResult(
            FILE,
            12,
            Map.of("zero", "offset"),
            List.of(
                new CertifiedLayer(
                    "fc",
                    List.of(
                        new CertifiedChannel(
                            List.of(0L, 15L),
                            -huge,
                            huge,
                            62,
                            Optional.of(
                                new CertifiedWitness(
                                    List.of(15L, 0L), List.of(1, 0), 0, huge, 61)))))),
            List.of("conv1"));
    JsonNode channel =
        JsonMapper.shared()
            .readTree(ResultJson.write(result))
            .path("layers")
            .path(0)
            .path("channels")
            .path(0);
    assertThat(channel.path("hi").longValue()).isEqualTo(huge);
    assertThat(channel.path("witness").path("order").toString()).isEqualTo("[1,0]");
    assertThat(result.tables().getFirst().rows().getFirst()).contains("no");
  }

  @Test
  void table_textAndCsv_alignAndQuote() {
    Table table = new Table("T", List.of("name", "bits"));
    table.row("a,b", 8);
    table.row("c", 120);
    assertThat(table.text()).isEqualTo("T\nname  bits\na,b      8\nc      120\n");
    assertThat(table.csv()).isEqualTo("name,bits\n\"a,b\",8\nc,120\n");
    assertThat(new Screen(80, 50, true).text(table)).contains("\u001b[1m");
  }
}
