package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cost} and {@code export --to verilog}; what they generate is tested where it is made. */
class HardwareCommandsTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeNetwork() throws IOException {
    model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  void cost_twoWidths_beginsWithTheAnswerAndShowsTheBaseline() {
    Said said = Said.by("cost", model, "--bits", "16", "12", "--float-units");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith("16-bit registers instead of 32: ")
        .contains("times fewer LUTs (formula)", "int32", "int12", "m7e4");
    assertThat(Said.by("cost", model, "--format", "json").out())
        .contains("\"schema\" : \"narrows/cost/1\"", "\"partialSumBytes\"", "\"bram18\"");
  }

  @Test
  void cost_planWithASpillingRegister_pricesBothOfItsRegisters() throws IOException {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan, "first: int12:spill(32)\nsecond: int12:spill(32)\nlast: int12:spill(32)\n");
    Said said = Said.by("cost", model, "--accumulators", plan);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("int12:spill(32)", "times more LUTs", "0.625");
  }

  @Test
  void cost_badSizes_areRefusedByName() {
    assertThat(Said.by("cost", model, "--bits", "1").err()).contains("--bits: must be in [2, 62]");
    assertThat(Said.by("cost", model, "--pe", "0").err()).contains("--pe: must be at least 1");
    assertThat(Said.by("cost", model, "--bits", "8", "--accumulators", "x").exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void export_verilog_writesUnitsBesideTheNetworkOnce() throws IOException {
    Said said = Said.by("export", model, "--to", "verilog", "--simd", "2");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Path.of(said.out().strip()).resolve("Makefile")).isNotEmptyFile();
    assertThat(files()).containsExactly("small.narrows", "small.verilog");
    Said again = Said.by("export", model, "--to", "verilog");
    assertThat(again.exitCode()).isNotZero();
    assertThat(again.err()).contains("expected a new or empty folder");
    assertThat(files()).containsExactly("small.narrows", "small.verilog");
  }

  @Test
  void export_optionsOfVerilogForAnotherFormat_areRefused() {
    assertThat(Said.by("export", model, "--to", "qonnx", "--prove").err())
        .contains("have no effect on qonnx");
    assertThat(Said.by("export", model, "--to", "verilog", "--limit", "3").err())
        .contains("--limit", "needs --data");
  }

  @Test
  void evaluate_spillingRegister_countsWhatTheProfilePredicts() {
    Said said =
        Said.by(
            "evaluate",
            model,
            "--accumulator",
            "int6:spill(32)",
            "--data",
            "fashion-small",
            "--limit",
            "20");
    assertThat(said.out() + said.err()).contains("Spills of int6:spill(32)", "predicted %");
  }
}
