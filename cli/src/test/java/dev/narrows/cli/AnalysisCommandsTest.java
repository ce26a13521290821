package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnalysisCommandsTest {
  @TempDir private static Path shared;
  private static Path model = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetwork() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static JsonNode json(Said said) {
    assertThat(said.exitCode()).as(said.err()).isZero();
    return JsonMapper.shared().readTree(said.out());
  }

  @Test
  void evaluate_diagnosticsOfIntegerLayers_saysThatThereAreNone() {
    Said said =
        Said.by("evaluate", model, "--data", "fashion-small", "--limit", "4", "--diagnostics");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("--diagnostics: no layer sums in a floating-point register");
  }

  @Test
  void evaluate_severalAccumulators_tellsAccuracyAndRegisters() {
    JsonNode json =
        json(
            Said.by(
                "evaluate",
                model,
                "--data",
                "fashion-small",
                "--limit",
                "40",
                "--accumulator",
                "exact",
                "--accumulator",
                "int8-10:saturate:sorted",
                "--format",
                "json"));
    assertThat(json.path("schema").asString()).isEqualTo("narrows/evaluation/1");
    assertThat(json.path("network").path("sha256").asString()).hasSize(64);
    assertThat(json.path("dataset").asString()).isEqualTo("fashion-small/test");
    assertThat(json.path("images").asInt()).isEqualTo(40);
    List<String> accumulators = new ArrayList<>();
    json.path("results").forEach(row -> accumulators.add(row.path("accumulator").asString()));
    assertThat(accumulators)
        .containsExactly(
            "exact", "int8:saturate:sorted", "int9:saturate:sorted", "int10:saturate:sorted");
    assertThat(json.path("results").path(0).path("differing").asInt()).isZero();
    assertThat(json.path("results").path(1).path("layers").path(0).path("accumulator").asString())
        .isEqualTo("exact");
  }

  @Test
  void evaluate_fileOfRegisters_appliesGlobs() throws IOException {
    Path rules = Files.writeString(folder.resolve("a.yaml"), "se*: int9:wrap\nlast: exact\n");
    JsonNode result =
        json(Said.by(
                "evaluate",
                model,
                "--data",
                "fashion-small",
                "--limit",
                "20",
                "--accumulator",
                "int12:saturate",
                "--accumulators",
                rules,
                "--format",
                "json"))
            .path("results")
            .path(0);
    List<String> registers = new ArrayList<>();
    result.path("layers").forEach(layer -> registers.add(layer.path("accumulator").asString()));
    assertThat(registers).containsExactly("exact", "int9:wrap", "exact");
  }

  @Test
  void evaluate_exactBesideAFileOfRegisters_isARowOfItsOwn() throws IOException {
    Path rules = Files.writeString(folder.resolve("a.yaml"), "second: int9:wrap\n");
    Object[] words = {"evaluate", model, "--data", "fashion-small", "--limit", 20};
    Object[] file = and(words, "--accumulators", rules, "--format", "json");
    assertThat(accumulators(json(Said.by(file)))).containsExactly("per layer");
    JsonNode both = json(Said.by(and(file, "--accumulator", "exact")));
    assertThat(accumulators(both)).containsExactly("exact", "per layer");
    for (JsonNode layer : both.path("results").path(0).path("layers")) {
      assertThat(layer.path("accumulator").asString()).isEqualTo("exact");
    }
    assertThat(both.path("results").path(1).path("layers").toString()).contains("int9:wrap");
    Said run =
        Said.by(
            "run",
            model,
            "--input",
            "fashion-small",
            "--limit",
            2,
            "--accumulators",
            rules,
            "--accumulator",
            "exact",
            "--out",
            folder.resolve("out"));
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static List<String> accumulators(JsonNode evaluation) {
    List<String> texts = new ArrayList<>();
    evaluation.path("results").forEach(row -> texts.add(row.path("accumulator").asString()));
    return texts;
  }

  @Test
  void analyze_withData_profilesEveryDotProductAtEveryWidth() {
    JsonNode json =
        json(
            Said.by(
                "analyze",
                model,
                "--data",
                "fashion-small/validation",
                "--limit",
                "30",
                "--format",
                "json",
                "--channels"));
    assertThat(json.path("schema").asString()).isEqualTo("narrows/analysis/1");
    JsonNode second = json.path("layers").path(1);
    assertThat(second.path("kind").asString()).isEqualTo("conv2d");
    assertThat(second.path("terms").asInt()).isEqualTo(36);
    assertThat(second.path("inputRange").toString()).isEqualTo("[0,15]");
    assertThat(second.path("bounds").path("signSum").asInt())
        .isLessThanOrEqualTo(second.path("bounds").path("dataType").asInt());
    JsonNode profile = second.path("profile");
    assertThat(profile.path("dots").asLong()).isEqualTo(30L * 8 * 49);
    assertThat(profile.path("widths").size()).isEqualTo(31);
    for (JsonNode width : profile.path("widths")) {
      assertThat(
              width.path("clean").asLong()
                  + width.path("transient").asLong()
                  + width.path("persistent").asLong())
          .isEqualTo(30L * 8 * 49);
    }
    assertThat(profile.path("channels").size()).isEqualTo(8);
    assertThat(second.path("channelBounds").size()).isEqualTo(8);
  }

  @Test
  void analyze_sensitivity_narrowsOneLayerAtATimeAndAll() {
    Object[] words = {
      "analyze", model, "--data", "fashion-small", "--limit", 40, "--sensitivity", "--format"
    };
    JsonNode json = json(Said.by(and(words, "json", "--bits", "8-9"))).path("sensitivity");
    assertThat(json.path("skipped").path(0).asString()).isEqualTo("first");
    List<String> tried = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      for (JsonNode register : layer.path("registers")) {
        tried.add(layer.path("name").asString() + " " + register.path("accumulator").asString());
        assertThat(register.path("interval").path("low").asDouble())
            .isLessThanOrEqualTo(register.path("accuracy").asDouble());
        assertThat(register.path("p").asDouble()).isBetween(0.0, 1.0);
      }
    }
    assertThat(tried)
        .containsExactly(
            "second int9:saturate",
            "second int8:saturate",
            "last int9:saturate",
            "last int8:saturate",
            "all layers int9:saturate",
            "all layers int8:saturate");
    Said csv = Said.by(and(words, "csv", "--accumulator", "int9:wrap:sorted"));
    assertThat(csv.exitCode()).isZero();
    assertThat(csv.out())
        .contains("\nlayer,safe,seen,enough,")
        .contains("\nsecond,int9:wrap:sorted,");
  }

  private static Object[] and(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sensitivity | --sensitivity: needs --data",
        "--bits 9 | --bits: needs --data",
        "--data fashion-small --accumulator int9:wrap | which was not given",
        "--data fashion-small --sensitivity --bits 9-8 | found \"9-8\"",
        "--data fashion-small --sensitivity --bits 1 | found \"1\"",
      })
  void analyze_sensitivityAskedForWrongly_isBadInput(String words, String complaint) {
    Said said = Said.by(and(new Object[] {"analyze", model}, (Object[]) words.split(" ")));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(complaint);
  }

  @Test
  void evaluate_twoAccumulators_areComparedOnTheSameImages() {
    JsonNode json =
        json(
            Said.by(
                "evaluate",
                model,
                "--data",
                "fashion-small",
                "--limit",
                40,
                "--accumulator",
                "int8-9:saturate",
                "--format",
                "json"));
    List<String> pairs = new ArrayList<>();
    for (JsonNode pair : json.path("comparisons")) {
      pairs.add(pair.path("first").asString() + " " + pair.path("second").asString());
      int more = pair.path("onlyFirst").asInt() - pair.path("onlySecond").asInt();
      if (pair.path("first").asString().equals("int8:saturate")) {
        double better =
            json.path("results").path(0).path("accuracy").asDouble()
                - json.path("results").path(1).path("accuracy").asDouble();
        assertThat(more).isEqualTo((int) Math.round(better * 40 / 100));
      }
    }
    assertThat(pairs)
        .containsExactly(
            "exact int8:saturate", "exact int9:saturate", "int8:saturate int9:saturate");
    assertThat(json.path("results").path(0).path("interval").path("high").asDouble())
        .isGreaterThan(json.path("results").path(0).path("accuracy").asDouble());
  }

  @Test
  void analyze_withoutData_tellsBoundsOnly() {
    JsonNode json = json(Said.by("analyze", model, "--format", "json"));
    assertThat(json.has("dataset")).isFalse();
    assertThat(json.path("layers").size()).isEqualTo(3);
    assertThat(json.path("layers").path(0).has("profile")).isFalse();
    assertThat(json.path("layers").path(0).path("accumulator").asString()).isEqualTo("exact");
  }

  @Test
  void certifyAndVerify_enoughBits_holds() {
    Said certify = Said.by("certify", model, "--bits", "24", "--out", folder);
    assertThat(certify.exitCode()).as(certify.err()).isZero();
    assertThat(certify.err()).contains("left out, on registers of their own: first");
    assertThat(certify.out()).as("what is in the file").startsWith("Certificate for 24-bit");
    Said verify = Said.by("verify", model, folder.resolve("certificate.json"));
    assertThat(verify.exitCode()).as(verify.err() + verify.out()).isZero();
  }

  @Test
  void certify_allLayers_includesPinnedOnes() {
    JsonNode json = json(Said.by("certify", model, "--bits", "30", "--all"));
    assertThat(json.path("layers").size()).isEqualTo(3);
    assertThat(json.path("skipped").size()).isZero();
  }

  @Test
  void certifyAndVerify_tooFewBits_exitThreeWithChannelAndWitness() throws IOException {
    Said certify = Said.by("certify", model, "--bits", "8", "--format", "json");
    assertThat(certify.exitCode()).isEqualTo(3);
    assertThat(certify.err()).contains("8 bits are not enough: layer \"second\", channel 0 needs");
    JsonNode witness =
        JsonMapper.shared()
            .readTree(certify.out())
            .path("layers")
            .path(0)
            .path("channels")
            .path(0)
            .path("witness");
    assertThat(witness.path("input").size()).isEqualTo(36);
    assertThat(witness.path("order").size()).isEqualTo(36);
    Path file = Files.writeString(folder.resolve("c.json"), certify.out());
    assertThat(Said.by("verify", model, file).exitCode()).isEqualTo(3);
  }

  @Test
  void verify_tamperedCertificate_exitThree() throws IOException {
    Said certify = Said.by("certify", model, "--bits", "24", "--format", "json");
    Path file =
        Files.writeString(
            folder.resolve("c.json"), certify.out().replaceFirst("\"hi\" : (\\d)", "\"hi\" : 1$1"));
    Said verify = Said.by("verify", model, file);
    assertThat(verify.exitCode()).isEqualTo(3);
    assertThat(verify.err()).contains("hi: certificate says");
  }

  @Test
  void run_allTensors_writesEveryTensorAndTheOutputAlike() throws IOException {
    int[] codes = new Random(1).ints(3 * 784, 0, 256).toArray();
    Path input = folder.resolve("x.npy");
    Npy.write(input, NpyArray.of(codes, 3, 1, 28, 28));
    Path all = folder.resolve("all");
    Said said = Said.by("run", model, "--input", input, "--out", all, "--all-tensors");
    assertThat(said.exitCode()).as(said.err()).isZero();
    try (Stream<Path> files = Files.list(all)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "0_input.npy", "1_first.npy", "2_second.npy", "3_flat.npy", "4_last.npy");
    }
    assertThat(Npy.read(all.resolve("0_input.npy")).toInts()).isEqualTo(codes);
    Path last = folder.resolve("last");
    Said.by("run", model, "--input", input, "--out", last);
    assertThat(last.resolve("4_last.npy")).hasSameBinaryContentAs(all.resolve("4_last.npy"));
    assertThat(Npy.read(last.resolve("4_last.npy")).shape()).isEqualTo(List.of(3, 10, 1, 1));
  }

  @Test
  void output_tableAndCsv_goToStandardOutputAndFolder() {
    Said table =
        Said.by("evaluate", model, "--data", "fashion-small", "--limit", "10", "--out", folder);
    assertThat(table.out()).contains("Accuracy on 10 images of fashion-small/test", "exact");
    assertThat(table.out()).doesNotContain("\u001b");
    assertThat(folder.resolve("evaluation.json")).content().contains("narrows/evaluation/1");
    assertThat(
            folder.resolve("evaluation-tables/01-accuracy-on-10-images-of-fashion-small-test.csv"))
        .content()
        .startsWith("accumulator,accuracy %")
        .doesNotContain("\n\n");
  }

  @Test
  void output_writtenAgain_leavesNoTableOfTheResultBefore() throws IOException {
    Said.by("analyze", model, "--data", "fashion-small", "--limit", "4", "--out", folder);
    Path tables = folder.resolve("analysis-tables");
    Files.writeString(tables.resolve("my notes.csv"), "kept");
    try (Stream<Path> files = Files.list(tables)) {
      assertThat(files).hasSizeGreaterThan(4);
    }
    Said.by("analyze", model, "--out", folder);
    try (Stream<Path> files = Files.list(tables)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .startsWith("01-widths-that-are-always-enough-in-bits.csv")
          .endsWith("my notes.csv")
          .noneMatch(name -> name.contains("images"));
    }
  }

  @Test
  void output_folder_saysWhatMadeIt_unlessItIsARuns() throws IOException {
    Path own = folder.resolve("own");
    Said.by("analyze", model, "--out", own);
    assertThat(own.resolve("environment.json")).content().contains("\"analyze\"", "\"jdk\"");
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("recipe.yaml"), "name: r\n");
    Files.writeString(run.resolve("environment.json"), "{}");
    Said.by("analyze", model, "--out", run);
    assertThat(run.resolve("environment.json")).hasContent("{}");
    assertThat(run.resolve("analysis.json")).exists();
  }
}
