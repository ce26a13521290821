package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code certify --order-free}. */
class OrderFreeCommandTest {
  @TempDir private static Path folder;
  private static Path model = Path.of("");

  @BeforeAll
  static void writeModel() throws IOException {
    model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static Said ask(String words) {
    String line = "certify\n" + model + "\n--order-free\n--limit\n4\n" + words.replace(' ', '\n');
    return Said.by((Object[]) line.split("\n"));
  }

  @Test
  void orderFree_registerWideEnough_isProvedForEveryInputVerdictFirst() {
    Said said = ask("--data fashion-small --accumulator int32:saturate --all");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith(
            "int32:saturate: no order of additions changes any code, whatever the input (proved); of 4"
                + " images no order can change the answer of 4.")
        .contains("In any order, on 4 images of fashion-small/test")
        .contains("proved for every input");
  }

  @Test
  void orderFree_registersTooNarrow_areRefutedWithTheirWitnesses() throws IOException {
    Path out = folder.resolve("out");
    Said said =
        ask(
            "--data fashion-small --accumulator int7:saturate --accumulator m7e4 --format json"
                + " --trees 30 --out "
                + out);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(ExitCode.NOT_GUARANTEED);
    assertThat(said.err()).contains("narrows: int7:saturate: the order of additions changes codes");
    JsonNode result = JsonMapper.shared().readTree(said.out());
    assertThat(result.path("schema").asString()).isEqualTo("narrows/order/1");
    assertThat(result.path("trees").asInt()).isEqualTo(30);
    JsonNode first = result.path("registers").path(0);
    assertThat(first.path("verdict").asString()).isEqualTo("refuted");
    assertThat(first.path("layers").path(1).path("witness").path("first").path("order").asString())
        .isNotEmpty();
    assertThat(Files.readString(out.resolve("order.json"))).isEqualTo(said.out());
    Said page = Said.by("report", out, "--to", "markdown");
    assertThat(page.exitCode()).as(page.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--accumulator int9:saturate | --data: --order-free needs a data set",
        "--data fashion-small | --accumulator: --order-free needs one or more registers",
        "--data fashion-small --accumulator exact | no order changes them",
        "--data fashion-small --accumulator int9:saturate:sorted | leave out \":sorted\"",
        "--data fashion-small --accumulator int9:saturate:chunk(4,int32) | about every order",
        "--data fashion-small --accumulator m7e4:chunk(4) | about every order",
        "--data fashion-small --accumulator int9:saturate --every 2 | --every: is for a language model",
        "--data fashion-small --accumulator int9:saturate --context 2 | --context: is for a language model",
        "--data fashion-small --accumulator int9:saturate --trees 0 | --trees: must be in [1, 1000000]",
        "--data fashion-small --accumulator int9:saturate --accumulators f.yaml | --accumulators: not beside",
      })
  void orderFree_whatCannotBeAsked_isBadInput(String words, String complaint) {
    Said said = ask(words.strip());
    assertThat(said.exitCode()).as(said.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains(complaint).hasLineCount(1);
  }

  private static final Path TINY =
      Path.of("..", "network", "src", "test", "resources", "golden", "gguf", "tiny.gguf");

  private static Path text() throws IOException {
    return Files.writeString(
        folder.resolve("text.txt"), "Once upon a time the thing thaws; so it goes. ".repeat(40));
  }

  private static Said askText(Path model, Path text, String words) {
    String line = "certify\n" + model + "\n--order-free\n--data\n" + text + "\n";
    return Said.by((Object[]) (line + words.replace(' ', '\n')).split("\n"));
  }

  @Test
  void orderFree_languageModel_isJudgedTokenByToken() throws IOException {
    Path out = folder.resolve("language");
    Said said =
        askText(
            TINY,
            text(),
            "--limit 6 --context 4 --every 3 --accumulator bf16 --accumulator hopper-fp8 --out "
                + out);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(ExitCode.NOT_GUARANTEED);
    assertThat(said.err()).contains("narrows: bf16: the order of additions changes sums");
    assertThat(said.out())
        .contains("on 6 tokens of", "in windows of 4, one of 3 dot products")
        .contains("*.feed.down", "multiplies two activations", "refuted");
    JsonNode result = JsonMapper.shared().readTree(Files.readString(out.resolve("order.json")));
    assertThat(result.path("text").path("every").asInt()).isEqualTo(3);
    assertThat(result.path("registers").path(1).path("layers").path(0).path("name").asString())
        .isEqualTo("layer0.attention.query");
    assertThat(Said.by("report", out, "--to", "markdown").exitCode()).isZero();
  }

  /** Needs stories260K under a root of NARROWS_DATA; CI must have it. */
  @Test
  @Tag("data")
  void orderFree_stories260KInIntegers_isProvedInWideRegisters() throws IOException {
    Path out = folder.resolve("stories");
    Path stories = SharedData.file("models/stories260k/stories260K.bin");
    Said made =
        Said.by(
            "quantize",
            stories,
            "--data",
            text(),
            "--calibrate",
            "64",
            "--context",
            "64",
            "--vocabulary",
            "--out",
            out);
    assertThat(made.exitCode()).as(made.err()).isZero();
    Said wide =
        askText(
            out,
            text(),
            "--limit 24 --every 5 --accumulator int32:saturate --accumulator fp32 --accumulator"
                + " hopper-fp16 --format json");
    assertThat(wide.exitCode()).as(wide.err()).isZero();
    JsonNode registers = JsonMapper.shared().readTree(wide.out()).path("registers");
    for (int i = 0; i < 3; i++) {
      assertThat(registers.path(i).path("layers").size()).isEqualTo(36);
      assertThat(registers.path(i).path("verdict").asString()).isEqualTo("every-input");
    }
    Said narrow = askText(out, text(), "--limit 24 --every 5 --accumulator int15:saturate");
    assertThat(narrow.exitCode()).isEqualTo(ExitCode.NOT_GUARANTEED);
    assertThat(narrow.err()).contains("refuted by two orders", "one of 5 dot products");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--accumulator int32:saturate | narrows quantize makes some",
        "--accumulator bf16 --every 0 | --every: must be at least 1, got 0",
        "--accumulator bf16 --all | --all: has no effect on a language model",
        "--accumulator bf16 --preprocess raw | --preprocess: has no effect on a language model",
        "--accumulator bf16 --context 4000 | --context: must be in",
        "--trees 4 | --accumulator: --order-free needs one or more registers",
        "--accumulator deepgemm-fp8 | about every order",
      })
  void orderFree_whatCannotBeAskedOfALanguageModel_isBadInput(String words, String complaint)
      throws IOException {
    Said said = askText(TINY, text(), words.strip());
    assertThat(said.exitCode()).as(said.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains(complaint).hasLineCount(1);
  }
}
