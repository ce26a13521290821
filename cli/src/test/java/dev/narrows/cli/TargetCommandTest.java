package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verdict on a target: first in every form, and what scripts get of it. */
class TargetCommandTest {
  @TempDir private static Path shared;
  private static Path model = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetwork() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static Said analyze(String target, Object... more) {
    return Said.by(
        Stream.concat(Stream.of("analyze", model, "--target", target), Stream.of(more)).toArray());
  }

  private static JsonNode target(Said said) {
    return JsonMapper.shared().readTree(said.out()).path("target");
  }

  private static String firstLine(Said said) {
    return said.out().lines().findFirst().orElse("");
  }

  @Test
  void analyze_enoughBits_saysSafeFirst() {
    Said said = analyze("24");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(firstLine(said))
        .startsWith("Target 24 (24-bit registers): safe for every input")
        .endsWith("(left out: first: pinned to an exact register)");
    JsonNode json = target(analyze("24", "--format", "json"));
    assertThat(json.path("verdict").asString()).isEqualTo("safe");
    assertThat(json.path("proved").asBoolean()).isTrue();
    assertThat(json.path("advice").size()).isZero();
  }

  @Test
  void analyze_tooFewBits_namesLayerChannelAndWitnessAndExitsThree() {
    Said said = analyze("8");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(firstLine(said))
        .startsWith("Target 8 (8-bit registers): unsafe: some inputs overflow both layers")
        .contains("worst: last, channel ");
    assertThat(said.out()).contains("What can be done", "bits are proved for every layer");
    JsonNode last = target(analyze("8", "--format", "json")).path("layers").path(1);
    assertThat(last.path("name").asString()).isEqualTo("last");
    JsonNode widest = last.path("widest");
    assertThat(widest.path("overflows").asBoolean()).isTrue();
    assertThat(widest.path("witness").path("input").size()).isEqualTo(392);
    assertThat(widest.path("witness").path("bits").asInt())
        .isEqualTo(widest.path("bits").asInt() - 1);
    // the widest channel is that of certify
    JsonNode certificate =
        JsonMapper.shared()
            .readTree(Said.by("certify", model, "--bits", 8, "--format", "json").out());
    JsonNode channel =
        certificate.path("layers").path(1).path("channels").path(widest.path("channel").asInt());
    assertThat(channel.path("lo").asLong()).isEqualTo(widest.path("lo").asLong());
    assertThat(channel.path("hi").asLong()).isEqualTo(widest.path("hi").asLong());
    assertThat(channel.path("witness")).isEqualTo(widest.path("witness"));
  }

  @Test
  void analyze_withData_isUnsafeExactlyWhereSumsOverflow() {
    Object[] data = {"--data", "fashion-small", "--limit", 30, "--format", "json"};
    Said wide = analyze("16", data);
    JsonNode layers = JsonMapper.shared().readTree(wide.out()).path("layers");
    int seen = 0; // the width that no sum of the judged layers exceeds
    for (JsonNode layer : layers) {
      for (JsonNode width : layer.path("profile").path("widths")) {
        boolean clean = width.path("clean").asLong() == layer.path("profile").path("dots").asLong();
        if (!clean && !layer.path("name").asString().equals("first")) {
          seen = Math.max(seen, width.path("bits").asInt() + 1);
        }
      }
    }
    Said enough = analyze(String.valueOf(seen), data);
    assertThat(enough.exitCode()).isZero();
    assertThat(target(enough).path("verdict").asString()).isEqualTo("safe-on-data");
    assertThat(target(enough).path("proved").asBoolean()).isFalse();
    assertThat(target(enough).path("sentence").asString())
        .startsWith("safe on these data (30 images), not proved");
    Said less = analyze(String.valueOf(seen - 1), data);
    assertThat(less.exitCode()).isEqualTo(3);
    assertThat(target(less).path("sentence").asString()).contains("of these 30 images overflow");
    // another order is another look at the same sums
    Said sorted = analyze("int" + seen + ":saturate:sorted", data);
    assertThat(target(sorted).path("verdict").asString()).isEqualTo("safe-on-data");
  }

  @Test
  void analyze_fileOfRegisters_judgesLayerByLayer() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("dsp.yaml"),
            """
            name: dsp
            registers:
              first: int30:wrap
              se*: int14:saturate
            reductions:
              second: smlal
            """);
    JsonNode json = target(analyze(file.toString(), "--format", "json"));
    assertThat(json.path("name").asString()).isEqualTo("dsp");
    assertThat(json.path("layers").size()).isEqualTo(1);
    assertThat(json.path("layers").path(0).path("register").asString()).isEqualTo("int30:wrap");
    assertThat(json.path("leftOut").toString())
        .contains("inputs of uint4", "sums in an exact register"); // second and last
    Path wrong = Files.writeString(folder.resolve("w.yaml"), "registers:\n  nothing: int8:wrap\n");
    Said said = analyze(wrong.toString());
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("\"nothing\" matches no layer that sums");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | accumulator width must be in [2, 62] bits, got 1",
        "mmx | expected a width such as 16, vpmaddubsw, smlal, fhe16, a register such as",
        "bf16 | --target bf16: no layer runs in its registers: pinned to an exact register; sums integers",
        "gone.yaml | gone.yaml: no such file",
      })
  void analyze_noSuchTarget_isBadInput(String name, String complaint) {
    Said said = analyze(name);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(complaint);
  }

  @Test
  void analyze_floatingPointRegisters_areJudgedByDataAlone() throws IOException {
    Path floats = folder.resolve("float.narrows");
    NarrowsWriter.write(SmallFloatNetwork.of(3), floats);
    Said none = Said.by("analyze", floats, "--target", "bf16");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("nothing is proved of floating-point registers; --data SET");
    Object[] data = {"--data", "fashion-small", "--limit", 10};
    Said wide = Said.by("analyze", floats, "--target", "bf16", data[0], data[1], data[2], data[3]);
    assertThat(wide.exitCode()).as(wide.err()).isZero();
    assertThat(firstLine(wide)).contains("safe on these data (10 images), not proved");
    Said narrow =
        Said.by("analyze", floats, "--target", "m4e2(8)", data[0], data[1], data[2], data[3]);
    assertThat(narrow.exitCode()).isEqualTo(3);
    assertThat(firstLine(narrow)).contains("unsafe: ", "overflow");
  }

  @Test
  @Tag("data")
  void analyze_pairs_ofResNet8_areTheUnsafeOnesOfItsPlatform() {
    Path file = SharedData.file("models/mlperf-tiny/pretrainedResnet_quant.tflite");
    Said said = Said.by("analyze", file, "--target", "vpmaddubsw", "--format", "json");
    assertThat(said.exitCode()).isEqualTo(3);
    JsonNode json = JsonMapper.shared().readTree(said.out());
    JsonNode platform = json.path("platforms").path("pairs").path(0).path("layers");
    JsonNode layers = json.path("target").path("layers");
    assertThat(layers.size()).isEqualTo(10);
    for (int i = 0; i < layers.size(); i++) {
      assertThat(layers.path(i).path("name")).isEqualTo(platform.path(i).path("name"));
      assertThat(layers.path(i).path("pairs").path("unsafe"))
          .isEqualTo(platform.path(i).path("unsafe"));
    }
    Said smlal = Said.by("analyze", file, "--target", "smlal");
    assertThat(smlal.exitCode()).isZero();
    assertThat(firstLine(smlal)).contains("safe for every input");
  }

  @Test
  void report_verdict_standsFirstOnThePage() throws IOException {
    analyze("8", "--out", folder);
    Said said = Said.by("report", folder, "--to", "markdown");
    assertThat(said.exitCode()).as(said.err()).isZero();
    String page = said.out().isBlank() ? Files.readString(folder.resolve("report.md")) : said.out();
    assertThat(page.indexOf("**Target 8 (8-bit registers): unsafe"))
        .isPositive()
        .isLessThan(page.indexOf("Widths that are always enough"));
  }
}
