package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Analysed, certified and verified: files whose sums are not one row of weights times inputs. */
class OperatorCertificatesTest {
  private static final Path OPERATORS =
      Path.of("../network/src/test/resources/golden/litert/operators");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "batch-matmul-codes-right,rightRange",
    "batch-matmul-codes-constant-left,rightRange",
    "batch-matmul-codes-broadcast-left,rightRange",
    "batch-matmul-batched,inputRange",
    "transpose-conv-same,inputRange",
    "transpose-conv-stride3,inputRange",
    "batch-conv-same,inputRange",
    "batch-depthwise,inputRange",
    "calls-streaming,inputRange",
    "hybrid-conv-channels,inputRange",
    "hybrid-dense-asymmetric,inputRange",
    "hybrid-dense-int4,inputRange"
  })
  void certify_safeWidthAndOneBitLess_areVerifiedAndRefused(String name, String key)
      throws IOException {
    Path model = OPERATORS.resolve(name + ".tflite");
    Said analysed = Said.by("analyze", model, "--format", "json");
    assertThat(analysed.exitCode()).as(analysed.err()).isZero();
    JsonNode layer = JsonMapper.shared().readTree(analysed.out()).get("layers").get(0);
    int safe = layer.get("bounds").get("signSum").asInt();
    assertThat(layer.get("bounds").get("l1").asInt()).isGreaterThanOrEqualTo(safe);

    Said certified = Said.by("certify", model, "--bits", safe);
    assertThat(certified.exitCode()).as(certified.err()).isZero();
    Path file = Files.writeString(folder.resolve("c.json"), certified.out());
    assertThat(Said.by("verify", model, file).exitCode()).isZero();

    ObjectNode changed = (ObjectNode) JsonMapper.shared().readTree(certified.out());
    ObjectNode channel = (ObjectNode) changed.get("layers").get(0).get("channels").get(0);
    channel.putArray(key).add(0).add(1);
    Files.writeString(file, changed.toString());
    Said refused = Said.by("verify", model, file);
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("channel 0, " + key);

    Said narrow = Said.by("certify", model, "--bits", safe - 1);
    assertThat(narrow.exitCode()).isEqualTo(3);
    Files.writeString(file, narrow.out());
    Said breach = Said.by("verify", model, file);
    assertThat(breach.exitCode()).isEqualTo(3);
    assertThat(breach.out() + breach.err()).contains("need " + safe + " bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operators/svdf",
        "operators/lstm-codes",
        "operators/lstm-codes-projection",
        "recurrent/lstm-hybrid-projection"
      })
  void certify_severalSumsWithStates_areVerified(String name) throws IOException {
    Path model = OPERATORS.resolve("../" + name + ".tflite").normalize();
    Said analysed = Said.by("analyze", model, "--format", "json");
    assertThat(analysed.exitCode()).as(analysed.err()).isZero();
    int safe = 0;
    for (JsonNode layer : JsonMapper.shared().readTree(analysed.out()).get("layers")) {
      safe = Math.max(safe, layer.get("bounds").get("signSum").asInt());
    }
    Said certified = Said.by("certify", model, "--bits", safe);
    assertThat(certified.exitCode()).as(certified.err()).isZero();
    Path file = Files.writeString(folder.resolve("c.json"), certified.out());
    Said verified = Said.by("verify", model, file);
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(Said.by("certify", model, "--bits", safe - 1).exitCode()).isEqualTo(3);
  }
}
