package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands on TFLite files made by others, under a root of NARROWS_DATA; CI must have them. */
@Tag("data")
class TfliteCommandsTest {
  private static final String RESNET = "mlperf-tiny/pretrainedResnet_quant.tflite";

  @TempDir private Path folder;

  private static Path model(String name) {
    return SharedData.file("models/" + name);
  }

  private static Path cifar10() {
    return SharedData.file("cifar10/test_batch.bin").resolve("../..").normalize();
  }

  @Test
  void evaluate_resNetOnCifar10_givesLiteRtsAccuracy() {
    JsonNode json = said("evaluate", model(RESNET), 10_000);
    assertThat(json.path("images").asInt()).isEqualTo(10_000);
    assertThat(json.path("results").path(0).path("accuracy").asDouble()).isEqualTo(87.07);
  }

  @Test
  void analyze_resNetOnCifar10_tellsOfEveryLayer() {
    JsonNode json = said("analyze", model(RESNET), 500);
    assertThat(json.path("images").asInt()).isEqualTo(500);
    assertThat(json.path("layers").size()).isEqualTo(11);
    JsonNode pool = json.path("layers").path(9);
    assertThat(pool.path("kind").asString()).isEqualTo("averagePool");
    assertThat(pool.path("profile").path("zero").asString()).isEqualTo("raw");
  }

  private static JsonNode said(String command, Path model, int limit) {
    Said said =
        Said.by(
            command,
            model,
            "--data",
            "cifar10",
            "--data-root",
            cifar10(),
            "--limit",
            limit,
            "--format",
            "json",
            "--threads",
            2);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("pixels are the input's codes");
    return JsonMapper.shared().readTree(said.out());
  }

  /** The safe width is the widest sign-sum bound of any layer. */
  @ParameterizedTest
  @CsvSource({
    RESNET + ",23",
    "mlperf-tiny/kws_ref_model.tflite,21",
    "mlperf-tiny/ad01_int8.tflite,22",
    "coral/mobilenet_v1_0.25_128_quant.tflite,21",
    "tflite-micro/micro_speech_quantized.tflite,25"
  })
  void certify_safeWidth_isVerifiedAndOneBitLessIsNot(String name, int bits) throws IOException {
    Path file = model(name);
    Path safe = Files.writeString(folder.resolve("safe.json"), certificate(file, bits, 0));
    assertThat(Said.by("verify", file, safe).exitCode()).isZero();
    Path narrow = Files.writeString(folder.resolve("narrow.json"), certificate(file, bits - 1, 3));
    Said refused = Said.by("verify", file, narrow);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("need %d bits, its register has %d; input codes [".formatted(bits, bits - 1));
  }

  private static String certificate(Path file, int bits, int exitCode) {
    Said said = Said.by("certify", file, "--bits", bits);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    return said.out();
  }

  @Test
  void run_allTensors_writesTheFilesOwnShapesAndOrder() throws IOException {
    Path input = folder.resolve("x.npy");
    Npy.write(input, NpyArray.of(new byte[2 * 32 * 32 * 3], 2, 32, 32, 3));
    Path out = folder.resolve("out");
    Said said = Said.by("run", model(RESNET), "--input", input, "--out", out, "--all-tensors");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Npy.read(out.resolve("0_input_1_int8.npy")).shape()).containsExactly(2, 32, 32, 3);
    assertThat(Npy.read(out.resolve("26_model_activation_3_Relu.npy")).shape())
        .containsExactly(2, 16, 16, 32);
    assertThat(Npy.read(out.resolve("35_model_flatten_Reshape.npy")).toInts())
        .isEqualTo(Npy.read(out.resolve("34_model_average_pooling2d_AvgPool.npy")).toInts());
    assertThat(Npy.read(out.resolve("37_Identity_int8.npy")).shape()).containsExactly(2, 10);
  }
}
