package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.hardware.cost.FinnUnit;
import dev.narrows.hardware.cost.NetworkUnits;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans of registers, and every command that takes one. */
class NarrowCommandTest {
  private static final List<String> DATA =
      List.of("--data", "fashion-small", "--unlabelled", "--limit", "400");

  @TempDir private static Path shared;
  private static Path model = Path.of("");
  private static Path other = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetworks() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    other = shared.resolve("other.narrows");
    NarrowsWriter.write(SmallNetwork.of(4), other);
  }

  private static Said narrow(Path out, String... more) {
    return Said.by(
        Stream.of(Stream.of("narrow", model, "--out", out), DATA.stream(), Stream.of(more))
            .flatMap(words -> words)
            .toArray());
  }

  private static JsonNode plan(Path folder) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(folder.resolve("plan.json")));
  }

  @Test
  void narrow_budget_savesBitsAndKeepsItOnOtherImages() throws IOException {
    Said said = narrow(folder, "--budget", "8");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out().lines().findFirst().orElse(""))
        .contains("bits in 2 layers", "on 200 images that the search did not see")
        .endsWith("registers of their own: first");
    JsonNode plan = plan(folder);
    assertThat(plan.path("schema").asString()).isEqualTo("narrows/plan/1");
    assertThat(plan.path("scored").asString()).isEqualTo("agreement");
    assertThat(plan.path("held").asBoolean()).isTrue();
    for (JsonNode layer : plan.path("layers")) {
      assertThat(layer.path("bits").asInt()).isLessThan(layer.path("seen").asInt());
      assertThat(layer.path("promise").asString()).isEqualTo("data");
      assertThat(layer.path("bound").asString()).isEqualTo("budget");
      assertThat(layer.path("overflowing").asDouble()).isPositive();
    }
    assertThat(plan.path("search").path("upper").asDouble()).isLessThanOrEqualTo(8);
    assertThat(plan.path("confirmed").path("overflowing").asInt()).isPositive();
    JsonNode bits = plan.path("totals").path(0);
    assertThat(bits.path("plan").asInt()).isLessThanOrEqualTo(bits.path("uniform").asInt());
  }

  @Test
  void narrow_stoppedAndResumed_givesTheSamePlan() throws IOException {
    Path whole = folder.resolve("whole");
    Path halves = folder.resolve("halves");
    assertThat(narrow(whole, "--budget", "8", "--threads", "1").exitCode()).isZero();
    List<String> lines = Files.readAllLines(whole.resolve("search.csv"));
    assertThat(lines).hasSizeGreaterThan(6);
    Files.createDirectories(halves);
    String half = String.join("\n", lines.subList(0, lines.size() / 2)) + "\n12 1"; // cut off
    Files.writeString(halves.resolve("search.csv"), half);
    assertThat(narrow(halves, "--budget", "8", "--threads", "2").exitCode()).isZero();
    assertThat(Files.readString(halves.resolve("search.csv")))
        .isEqualTo(Files.readString(whole.resolve("search.csv")));
    assertThat(((ObjectNode) plan(halves)).without("next"))
        .isEqualTo(((ObjectNode) plan(whole)).without("next"));
  }

  @Test
  void narrow_ledgerOfAnotherSearch_isRefused() {
    assertThat(narrow(folder, "--budget", "8").exitCode()).isZero();
    Said said = narrow(folder, "--budget", "9");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("search.csv", "another network, data or options");
  }

  @Test
  void narrow_confidence_overflowsNothingSeenAndBoundsTheUnseen() throws IOException {
    Said said = narrow(folder, "--promise", "confidence", "--order", "sorted");
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode plan = plan(folder);
    assertThat(plan.path("way").asString()).isEqualTo("saturate:sorted");
    for (JsonNode layer : plan.path("layers")) {
      assertThat(layer.path("bits")).isEqualTo(layer.path("seen"));
      assertThat(layer.path("overflowing").asDouble()).isZero();
    }
    double unseen = plan.path("search").path("unseen").asDouble();
    // two layers at what 200 images need: (1 − ε)^200 + 200·ε·(1 − ε)^199 = 0.05
    double e = unseen / 100;
    assertThat(Math.pow(1 - e, 200) + 200 * e * Math.pow(1 - e, 199)).isBetween(0.0499, 0.0501);
    assertThat(plan.path("confirmed").path("loss").asDouble()).isLessThanOrEqualTo(unseen);
  }

  @Test
  void narrow_always_isProvedByCertifyAndVerify() throws IOException {
    Said said =
        Said.by("narrow", model, "--promise", "always", "--registers", "6-40", "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("no input overflows any of them");
    Path plan = folder.resolve("plan.yaml");
    assertThat(Said.by("certify", model, "--accumulators", plan, "--out", folder).exitCode())
        .isZero();
    Path certificate = folder.resolve("certificate.json");
    Said verified = Said.by("verify", model, certificate);
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    JsonNode layer = plan(folder).path("layers").path(1);
    int bits = layer.path("bits").asInt();
    String forged =
        Files.readString(certificate)
            .replace("int%d:saturate".formatted(bits), "int%d:saturate".formatted(bits - 1))
            .replace("\"registerBits\" : " + bits, "\"registerBits\" : " + (bits - 1));
    Files.writeString(certificate, forged);
    Said refused = Said.by("verify", model, certificate);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("\"last\"");
    Files.writeString(
        plan, Files.readString(plan).replace("int" + bits + ":", "int" + (bits - 1) + ":"));
    Said narrower = Said.by("certify", model, "--accumulators", plan);
    assertThat(narrower.exitCode()).isEqualTo(3);
    assertThat(narrower.err()).contains("layer \"last\"", "needs " + bits + " bits");
  }

  @Test
  void narrow_plan_isTakenByEvaluateAnalyzeAndExport() throws IOException {
    assertThat(narrow(folder, "--budget", "8").exitCode()).isZero();
    Path plan = folder.resolve("plan.yaml");
    Path pinned = folder.resolve("pinned.narrows");
    Said exported =
        Said.by("export", model, "--to", "narrows", "--accumulators", plan, "--out", pinned);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    String[] data = {"--data", "fashion-small", "--limit", "50", "--format", "json"};
    Said planned =
        Said.by(
            Stream.concat(Stream.of("evaluate", model, "--accumulators", plan), Stream.of(data))
                .toArray());
    Said own = Said.by(Stream.concat(Stream.of("evaluate", pinned), Stream.of(data)).toArray());
    assertThat(planned.exitCode()).as(planned.err()).isZero();
    JsonNode one = JsonMapper.shared().readTree(planned.out()).path("results").path(0);
    JsonNode two = JsonMapper.shared().readTree(own.out()).path("results").path(0);
    assertThat(one.path("accuracy")).isEqualTo(two.path("accuracy"));
    assertThat(Said.by("analyze", model, "--target", plan).exitCode()).isEqualTo(3);
    Said refused = Said.by("export", model, "--to", "qonnx", "--accumulators", plan);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("cannot hold registers");
  }

  @Test
  void narrow_planForAnotherNetwork_isRefusedByAll() {
    Path plan = folder.resolve("p.yaml");
    assertThat(
            Said.by("narrow", model, "--promise", "always", "--plan", plan, "--registers", "40")
                .exitCode())
        .isZero();
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("evaluate", other, "--data", "fashion-small", "--accumulators", plan),
            List.of("certify", other, "--accumulators", plan),
            List.of("export", other, "--to", "narrows", "--accumulators", plan))) {
      Said said = Said.by(words.toArray());
      assertThat(said.exitCode()).as(words.toString()).isEqualTo(2);
      assertThat(said.err()).contains("a plan for another network");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--budget -1 | must be in [0, 100] points",
        "--budget 0 | cannot show a loss below",
        "--registers 7,x | expected widths of 2 to 62",
        "--policy round | round",
        "--confidence 100 | must be in",
        "--search 300 --confirm 200 | more than the 400 that there are",
        "--search 0 | must be at least 1",
        "--weigh nothing | expected bits, macs, luts, energy or a YAML file",
      })
  void narrow_badInput_saysWhatIsExpected(String words, String expected) {
    Said said = narrow(folder, words.strip().split(" "));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(expected);
    assertThat(folder.resolve("plan.yaml")).doesNotExist();
  }

  @Test
  void narrow_registersTooNarrow_saysWhatStandsInTheWay() {
    Said always =
        Said.by("narrow", model, "--promise", "always", "--registers", "4-6", "--out", folder);
    assertThat(always.exitCode()).isEqualTo(3);
    assertThat(always.err()).contains("no plan: \"", "the widest register offered has 6");
    assertThat(folder.resolve("plan.yaml")).doesNotExist();
    Said data = narrow(folder, "--budget", "8", "--registers", "2-4");
    assertThat(data.exitCode()).isEqualTo(3);
    assertThat(data.err()).contains("no plan: the widest registers offered, 4 bits");
  }

  @Test
  void narrow_withoutDataOrIntegers_isRefused() throws IOException {
    Said said = Said.by("narrow", model);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--promise data needs images");
    Path floats = folder.resolve("floats.narrows");
    NarrowsWriter.write(SmallFloatNetwork.of(3), floats);
    Said refused = Said.by("narrow", floats, "--promise", "always");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("no layer sums integers");
  }

  @Test
  void narrow_weights_areCountedBesideBitsAndMultiplications() throws IOException {
    Path weights = folder.resolve("weights.yaml");
    Files.writeString(weights, "se*: 100\n\"*\": 1\n");
    Said said =
        Said.by("narrow", model, "--promise", "always", "--weigh", weights, "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode totals = plan(folder).path("totals");
    assertThat(totals).hasSize(3);
    JsonNode layers = plan(folder).path("layers");
    assertThat(totals.path(0).path("plan").asInt())
        .isEqualTo(100 * layers.path(0).path("bits").asInt() + layers.path(1).path("bits").asInt());
    assertThat(totals.path(2).path("counted").asString()).isEqualTo("macs");
  }

  @Test
  void narrow_byLuts_countsWhatTheUnitsSave() throws IOException {
    Said said = Said.by("narrow", model, "--promise", "always", "--weigh", "luts", "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode total = plan(folder).path("totals").path(0);
    assertThat(total.path("counted").asString()).isEqualTo("luts");
    NetworkUnits units = NetworkUnits.of(ModelFile.open(model).network());
    double saved = 0;
    for (JsonNode layer : plan(folder).path("layers")) {
      FinnUnit unit = units.unit(layer.path("name").asString()).orElseThrow();
      saved += unit.luts(layer.path("own").asInt()) - unit.luts(layer.path("bits").asInt());
    }
    assertThat(total.path("own").asDouble() - total.path("plan").asDouble())
        .isCloseTo(saved, within(1e-6));
  }

  @Test
  void narrow_byEnergy_weighsALayerByItsAdditions() throws IOException {
    Said said =
        Said.by("narrow", model, "--promise", "always", "--weigh", "energy", "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    Network network = ModelFile.open(model).network();
    double picojoules = 0;
    for (JsonNode chosen : plan(folder).path("layers")) {
      DotLayer layer = (DotLayer) network.layer(chosen.path("name").asString());
      double additions = (double) layer.output().elements() * layer.terms();
      double moves = 2.0 * layer.output().elements() * ((layer.terms() - 1) / 64);
      // an addition of 32 bits takes 0.1 pJ, an access of 64 bits to 32 KiB of SRAM 20
      picojoules += chosen.path("bits").asInt() * (additions * 0.1 / 32 + moves * 20 / 64);
    }
    JsonNode total = plan(folder).path("totals").path(0);
    assertThat(total.path("counted").asString()).isEqualTo("energy");
    assertThat(total.path("plan").asDouble()).isCloseTo(picojoules, within(1e-6));
  }

  @Test
  void narrow_train_writesTheRecipeThatTrainsThroughThePlan() throws IOException {
    Recipe own =
        Recipe.parse(
            "r.yaml",
            """
            name: small
            model: mlp1
            data: {set: fashion-small}
            quantization: {weights: 8, activations: 8}
            phases: {float: {epochs: 1}, quantize: {epochs: 1}}
            """);
    RunFolder run = RunFolder.create(folder.resolve("run"), own);
    run.writeNetwork(SmallNetwork.of(3));
    Path out = folder.resolve("out");
    List<Object> words = new ArrayList<>(List.of("narrow", run.path(), "--out", out));
    words.addAll(DATA);
    words.addAll(List.of("--budget", "8", "--train", "2"));
    Said said = Said.by(words.toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("./narrows train " + out.resolve("plan.train.yaml"));
    Recipe recipe = Recipe.read(out.resolve("plan.train.yaml"));
    assertThat(recipe.from()).contains(run.path().toAbsolutePath().toString());
    assertThat(recipe.phases().quantize()).isEmpty();
    RegisterPhase through = recipe.phases().register().orElseThrow();
    assertThat(through.phase().epochs()).isEqualTo(2);
    for (JsonNode layer : plan(out).path("layers")) {
      assertThat(through.registers().ofDot(layer.path("name").asString(), false))
          .contains(Summation.parse(layer.path("register").asString()));
    }
    Said file = narrow(folder.resolve("file"), "--budget", "8", "--train", "2");
    assertThat(file.exitCode()).isEqualTo(2);
    assertThat(file.err()).contains("--train: expected 1 epoch or more and a run folder");
    words.addAll(List.of("--promise", "confidence"));
    assertThat(Said.by(words.toArray()).err()).contains("--train: is for registers that may");
  }

  @Test
  void narrow_target_offersItsRegisters() throws IOException {
    Path target = folder.resolve("dsp.yaml");
    Files.writeString(
        target, "name: dsp\nregisters: {se*: \"int12:saturate\", \"*\": \"int32:wrap\"}\n");
    Said said =
        Said.by("narrow", model, "--promise", "always", "--registers", target, "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    for (JsonNode layer : plan(folder).path("layers")) {
      boolean narrow = layer.path("safe").asInt() <= 12;
      assertThat(layer.path("register").asString())
          .isEqualTo(narrow ? "int12:saturate" : "int32:wrap");
    }
    Said one =
        Said.by(
            "narrow",
            model,
            "--promise",
            "always",
            "--registers",
            "int20:wrap:sorted",
            "--out",
            folder.resolve("one"));
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(plan(folder.resolve("one")).path("way").asString()).isEqualTo("wrap:sorted");
    assertThat(plan(folder.resolve("one")).path("uniform").asInt()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw | adds products by twos, which is no register of a layer",
        "m7e4 | has other registers than of integers",
        "nothing | --registers: expected widths of 2 to 62, as in 16 or 8-20, or a target",
        "int9:saturate --policy wrap | --policy: the target of --registers says",
        "two.yaml | two kinds of 12-bit registers",
        "mixed.yaml | int6:wrap sums otherwise than int5:saturate",
      })
  void narrow_targetThatIsNoOffer_isRefused(String words, String expected) throws IOException {
    Files.writeString(folder.resolve("two.yaml"), "registers: {a: int12:wrap, b: int12:saturate}");
    Files.writeString(folder.resolve("mixed.yaml"), "registers: {a: int6:wrap, b: int5:saturate}");
    String[] asked = words.strip().split(" ");
    if (asked[0].endsWith("yaml")) {
      asked[0] = folder.resolve(asked[0]).toString();
    }
    Said said =
        Said.by(
            Stream.concat(
                    Stream.of("narrow", model, "--promise", "always", "--registers"),
                    Stream.of(asked))
                .toArray());
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(expected);
  }
}
