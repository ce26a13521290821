package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportCommandTest {
  private Path folder = Path.of("");
  private Path run = Path.of("");

  @BeforeAll
  void store(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Path model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    run = folder.resolve("run");
    Object[] data = {"--data", "fashion-small", "--limit", "40", "--out", run};
    ok("analyze", model, "--channels", data);
    ok("evaluate", model, "--accumulator", "exact", "--accumulator", "int8-12:saturate", data);
  }

  private static void ok(Object... words) {
    Object[] flat =
        Arrays.stream(words)
            .flatMap(word -> word instanceof Object[] some ? Arrays.stream(some) : Stream.of(word))
            .toArray();
    Said said = Said.by(flat);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  @Test
  void report_folderWithResults_getsAPage() throws IOException {
    Said said = Said.by("report", run);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("report: " + run.resolve("report.html"));
    assertThat(Files.readString(run.resolve("report.html")))
        .startsWith("<!doctype html>")
        .contains("narrows/analysis/1", "narrows/evaluation/1", "int12:saturate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--channels"})
  void report_layerOf5000Channels_isAPageBelow5Megabytes(String channels) throws IOException {
    Path model = folder.resolve("wide.narrows");
    NarrowsWriter.write(SmallNetwork.wide(5000), model);
    Path data = folder.resolve("x.npy");
    int[] codes = new Random(1).ints(20 * 32, 0, 256).toArray();
    Npy.write(data, NpyArray.of(codes, 20, 32, 1, 1));
    Path out = folder.resolve("wide" + channels);
    Object[] more = channels.isEmpty() ? new Object[0] : new Object[] {channels};
    ok("analyze", model, "--data", data, "--out", out, more);
    ok("report", out);
    JsonNode layer =
        JsonMapper.shared()
            .readTree(Files.readString(out.resolve("analysis.json")))
            .path("layers")
            .path(0);
    assertThat(layer.path("channelBounds").size()).isEqualTo(5000);
    assertThat(layer.path("profile").path("channelWidths").size()).isEqualTo(5000);
    assertThat(Files.readString(out.resolve("report.html"))).contains("channelWidths", "wide");
    assertThat(Files.size(out.resolve("report.html"))).isLessThan(5_000_000);
  }

  @Test
  void report_outInAFolderThatIsNew_isMadeWithIt() {
    for (String to : new String[] {"html", "markdown"}) {
      Path page = folder.resolve("pages").resolve(to).resolve("page");
      Said said = Said.by("report", run, "--to", to, "--out", page);
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(page).isNotEmptyFile();
      Said refused = Said.by("report", run, "--to", to, "--out", folder);
      assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(refused.err()).contains("is a folder, expected the file for the page");
    }
  }

  @Test
  void report_toMarkdown_printsThePage() {
    Said said = Said.by("report", run, "--to", "markdown", "--title", "My run");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith("# My run\n")
        .contains("| int12:saturate | ", "| layer | kind |");
  }

  @Test
  void report_badUse_isToldInOneLine() {
    Said file = Said.by("report", run.resolve("analysis.json"));
    assertThat(file.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(file.err()).contains("--out: needed");
    Said missing = Said.by("report", folder.resolve("none"));
    assertThat(missing.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(missing.err()).contains("none: no such file or folder").hasLineCount(1);
    Said charts = Said.by("report", run, "--charts", folder.resolve("charts"));
    assertThat(charts.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(charts.err()).contains("--charts: what draws them");
  }
}
