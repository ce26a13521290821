package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
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
  void export_eachFormat_writesBesideTheNetworkAndTellsWhere() throws IOException {
    for (String format : List.of("onnx-qdq", "onnx-qoperator", "qonnx", "safetensors")) {
      Said said = Said.by("export", model, "--to", format);
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(Path.of(said.out().strip())).isNotEmptyFile().hasParent(folder);
    }
    assertThat(files())
        .containsExactly(
            "small.narrows",
            "small.qdq.onnx",
            "small.qonnx.onnx",
            "small.qoperator.onnx",
            "small.safetensors");
    byte[] onnx = Files.readAllBytes(folder.resolve("small.qonnx.onnx"));
    assertThat(new String(onnx, StandardCharsets.ISO_8859_1)).contains("MultiThreshold");
  }

  @Test
  void export_networkTrainedForARegister_saysWhatQonnxCannotHold() throws IOException {
    Recipe recipe =
        Recipe.parse(
            "r.yaml",
            """
            model: mlp1
            data: {set: fashion-small}
            quantization: {weights: 4, activations: 4}
            phases:
              float: {epochs: 1}
              register: {epochs: 1, accumulator: 'int9:saturate:sorted'}
            """);
    RunFolder run = RunFolder.create(folder.resolve("run"), recipe);
    run.writeNetwork(SmallNetwork.of(3));
    run.writeResults("{}");
    assertThat(Said.by("export", run.path(), "--to", "qonnx").err())
        .contains("trained for registers of int9:saturate:sorted", "exact sums");
    assertThat(Said.by("export", run.path(), "--to", "safetensors").err())
        .doesNotContain("registers");
  }

  @Test
  void export_unknownFormat_exits2ListingTheFormats() throws IOException {
    Said said = Said.by("export", model, "--to", "onnx3");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("--to: unknown format \"onnx3\", expected one of onnx,");
    assertThat(files()).containsExactly("small.narrows");
  }

  @Test
  void export_optionsWithoutEffect_areRefused() {
    for (String format : List.of("qonnx", "safetensors", "onnx")) {
      Said said = Said.by("export", model, "--to", format, "--exact");
      assertThat(said.exitCode()).isEqualTo(2);
      assertThat(said.err()).contains("--exact: has no effect on " + format);
    }
    Said said = Said.by("export", model, "--to", "onnx-qdq", "--opset", "13");
    assertThat(said.err()).contains("--opset: must be in [21, 26], got 13");
  }

  @Test
  void export_codesAsPlainOnnx_exits2NamingTheLayers() {
    Said said = Said.by("export", model, "--to", "onnx");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("sums codes", "onnx-qdq and onnx-qoperator have codes");
  }

  @Test
  void export_ontoTheNetworkItself_exits2() {
    Said said = Said.by("export", model, "--to", "safetensors", "--out", model);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("is the network itself");
  }

  @Test
  void export_layersThatQonnxCannotExpress_exits2NamingThem() throws IOException {
    Network network = SmallNetwork.of(3);
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof DotLayer dot) {
        var operands = dot.integers().pinnedTo(Summation.parse("int9:saturate"));
        network = network.withLayer(i, dot.withOperands(operands));
      }
    }
    NarrowsWriter.write(network, model);
    Said said = Said.by("export", model, "--to", "qonnx");
    assertThat(said.exitCode()).isEqualTo(2);
    for (DotLayer dot : network.dotLayers()) {
      assertThat(said.err()).contains("\"" + dot.name() + "\"");
    }
    assertThat(files()).containsExactly("small.narrows");
  }
}
