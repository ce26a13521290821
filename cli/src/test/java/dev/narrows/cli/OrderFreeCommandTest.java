package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
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
        "--data fashion-small --accumulator int9:saturate --trees 0 | --trees: must be in [1, 1000000]",
        "--data fashion-small --accumulator int9:saturate --accumulators f.yaml | --accumulators: not beside",
      })
  void orderFree_whatCannotBeAsked_isBadInput(String words, String complaint) {
    Said said = ask(words.strip());
    assertThat(said.exitCode()).as(said.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains(complaint).hasLineCount(1);
  }
}
