package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a trainer that trains nothing: which recipe the command makes, and what it refuses. */
class QuantizeCommandTest {
  @TempDir private Path folder;
  private Path weights = Path.of("");

  @BeforeEach
  void writeWeights() throws IOException {
    weights = folder.resolve("float.safetensors");
    new SafetensorsWriter().floats("w", new float[1], 1).write(weights);
  }

  private Path run(String name, String phases) throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            name: %s
            model: cnn-small
            width: 9
            data: {set: fashion-small}
            preprocess: raw
            threads: 1
            quantization: {weights: 4, activations: 4}
            phases: %s
            """
                .formatted(name, phases));
    Said said = Said.by("train", recipe, "--out", folder.resolve(name));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return folder.resolve(name);
  }

  @Test
  void quantize_weightFile_endsInARunFolderWhoseRecipeSaysEverything() throws IOException {
    Path out = folder.resolve("out");
    List<Object> words = new ArrayList<>(List.of("quantize", weights, "--model", "cnn-small"));
    words.addAll(List.of("--data", "fashion-small", "--preprocess", "raw", "--weights", "6"));
    words.addAll(List.of("--equalize", "--calibrate", "500", "--out", out, "--threads", "1"));
    Said said = Said.by(words.toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(out.resolve("recipe.yaml"))
        .content()
        .contains("name: cnn-small-w6a8-equalized", "init: " + weights, "width: 16")
        .contains("equalize: true", "correctBias: false", "calibrate: 500");
    assertThat(out.resolve("results.json")).content().contains("floatAccuracy");
    Said evaluate = Said.by("evaluate", out, "--limit", "20");
    assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
  }

  @Test
  void quantize_weightsFloat_asksForRealNumbers() throws IOException {
    Path out = folder.resolve("out");
    List<Object> words = new ArrayList<>(List.of("quantize", weights, "--model", "cnn-small"));
    words.addAll(List.of("--data", "fashion-small", "--weights", "m4e3", "--out", out));
    Said said = Said.by(words.toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(out.resolve("recipe.yaml"))
        .content()
        .contains("name: cnn-small-wm4e3-afloat", "weights: m4e3", "activations: float");
  }

  @Test
  void quantize_floatRun_takesItsNetworkAndData() throws IOException {
    Path floats = run("floats", "{float: {epochs: 1}}");
    Path out = folder.resolve("out");
    Said said = Said.by("quantize", floats, "--correct-bias", "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(out.resolve("recipe.yaml"))
        .content()
        .contains("name: floats-w8a8-corrected", "from: " + floats, "width: 9", "preprocess: raw");
  }

  @Test
  void quantize_runTrainedAsIntegers_isRefused() throws IOException {
    Path integers = run("integers", "{float: {epochs: 1}, quantize: {epochs: 1}}");
    Said said = Said.by("quantize", integers, "--out", folder.resolve("out"));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(integers + ": the run's weights were trained as integers");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --data fashion-small                                    | --model: is needed with a weight file
          --model cnn-small                                       | --data: is needed with a weight file
          --model vgg --data fashion-small                        | --model: expected one of mlp1, mlp2
          --model cnn-small --data imagenet                       | --data: "imagenet" is neither a known data set
          --model cnn-small --data fashion-small --weights 9      | narrows: options: quantization.weights: must be in [2, 8], got 9
          --model cnn-small --data fashion-small --weights fp8    | quantization.weights
          --model cnn-small --data fashion-small --activations m4e3 | --activations: expected 2 to 8 bits beside --weights 8
          --model cnn-small --data fashion-small --calibrate 0    | prepare.calibrate: must be in [1, 1048576], got 0
          --model cnn-small --data fashion-small --observer best  | --observer: expected one of min-max, percentile, mse
          """)
  void quantize_oneMistake_isToldAndLeavesNothing(String options, String expected) {
    List<Object> words = new ArrayList<>(List.of("quantize", weights));
    words.addAll(List.of(options.strip().split("\\s+")));
    words.addAll(List.of("--out", folder.resolve("out")));
    Said said = Said.by(words.toArray());
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(expected);
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
