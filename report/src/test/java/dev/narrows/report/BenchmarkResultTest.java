package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.BenchmarkResult.BenchmarkMachine;
import dev.narrows.report.BenchmarkResult.MissingPeer;
import dev.narrows.report.CommandBenchmarks.BesideRun;
import dev.narrows.report.CommandBenchmarks.MeasuredCommand;
import dev.narrows.report.CommandBenchmarks.PeerRun;
import dev.narrows.report.KernelBenchmarks.IssuedInstruction;
import dev.narrows.report.KernelBenchmarks.MeasuredKernel;
import dev.narrows.report.KernelBenchmarks.PeerProduct;
import dev.narrows.report.markdown.MarkdownReport;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkResultTest {
  private static BenchmarkResult sample() {
    KernelBenchmarks kernels =
        new KernelBenchmarks(
            "256 channels",
            1,
            50,
            0.02,
            80,
            List.of(new IssuedInstruction("fma", 5, 2)),
            List.of(
                new MeasuredKernel(
                    "exact",
                    "",
                    60,
                    1.2,
                    0.03,
                    Optional.of(0.7),
                    Optional.of(1.6),
                    Optional.of(0.75),
                    "fma"),
                new MeasuredKernel(
                    "classify sorted",
                    "exact sums",
                    0.25,
                    0.005,
                    0.5,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "")),
            List.of(new PeerProduct("oneDNN 3.2.0", "sgemm", "same", 62.5, 1.25, 0.01)));
    CommandBenchmarks commands =
        new CommandBenchmarks(
            new NetworkFile("n.tflite", "ab".repeat(32)),
            "cifar10",
            1000,
            2,
            3,
            Optional.of(12_500_000L),
            100,
            1.5,
            List.of(
                new MeasuredCommand(
                    "int16:saturate",
                    "evaluate MODEL --accumulator int16:saturate",
                    Optional.of(3.5),
                    Optional.of(1.6),
                    Optional.of(500.0),
                    Optional.of(0.0625),
                    Optional.of(420),
                    Optional.of(new BesideRun(7.0, Optional.of(8.5))),
                    Optional.empty())),
            List.of(new PeerRun("LiteRT", "XNNPACK", 12300)));
    return new BenchmarkResult(
        new BenchmarkMachine("a processor", 2, 512, "25", Optional.of(2.7)),
        Optional.of(kernels),
        Optional.of(commands),
        List.of(new MissingPeer("mptorch", "not installed")));
  }

  @Test
  void json_ofABenchmark_readsBackAsItself() {
    String json = ResultJson.write(sample());
    assertThat(ResultJson.read("benchmark.json", json)).isEqualTo(sample());
    JsonNode tree = JsonMapper.shared().readTree(json);
    assertThat(tree.path("schema").asString()).isEqualTo("narrows/benchmark/1");
    JsonNode exact = tree.path("kernels").path("kernels").path(0);
    assertThat(exact.path("ratio").asDouble()).isEqualTo(1.2);
    assertThat(exact.path("limit").asDouble()).isEqualTo(1.6);
    assertThat(tree.path("kernels").path("kernels").path(1).has("limit")).isFalse();
    JsonNode command = tree.path("commands").path("commands").path(0);
    assertThat(command.path("timesExact").asDouble()).isEqualTo(1.6);
    assertThat(command.path("residentMegabytes").asInt()).isEqualTo(420);
    assertThat(command.path("beside").path("seconds").asDouble()).isEqualTo(7);
    assertThat(command.path("beside").path("timesExact").asDouble()).isEqualTo(8.5);
  }

  @Test
  void tables_ofABenchmark_beginWithTheMachineAndItsYardstick() {
    List<Table> tables = sample().tables();
    assertThat(tables.getFirst().rows().getFirst()).containsExactly("processor", "a processor");
    assertThat(tables.getFirst().rows())
        .contains(
            List.of("oneDNN 3.2.0, sgemm, GMAC/s", "62.5, of which the yardstick is 0.80"),
            List.of("yardstick on 2 threads, GMAC/s", "100"));
    assertThat(tables.get(1).rows().getFirst())
        .containsExactly("exact", "", "60.0", "1.20", "0.70", "1.60", "75", "3", "fma");
    assertThat(tables.get(1).rows().getLast())
        .containsExactly("classify sorted", "exact sums", "0.25", "0.0050", "", "", "", "50", "");
    assertThat(tables.stream().map(Table::title))
        .anyMatch(title -> title.startsWith("Commands on n.tflite, 1000 images of cifar10"))
        .contains("The same file by others", "Not measured");
  }

  @Test
  void markdown_ofABenchmark_hasItsTablesAndWhatTheyMean() {
    String page =
        MarkdownReport.page(
            new Report("Speed", List.of(), List.of(ReportRun.of("run", sample()))),
            MarkdownReport.ChartLinks.NONE);
    assertThat(page)
        .contains("| exact |  | 60.0 | 1.20 | 0.70 | 1.60 | 75 | 3 | fma |")
        .contains("Port limit: what this processor could reach")
        .contains("| int16:saturate | 3.50 | 1.60 | 500 | 0.0625 | 420 |");
  }
}
