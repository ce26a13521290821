package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that Brevitas trained by A2Q+ and exported, whose integers keep a budget or do not. */
class BrevitasCertificatesTest {
  private static final Path FOLDER = Path.of("../network/src/test/resources/golden/brevitas");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"qonnx", "dynamo", "qcdq"})
  void certifyAndVerify_weightsInsideTheBudget_hold(String form) {
    Path model = FOLDER.resolve("a2q-plus-" + form + ".onnx");
    Said certify = Said.by("certify", model, "--bits", "10", "--out", folder);
    assertThat(certify.exitCode()).as(certify.err()).isZero();
    assertThat(Said.by("certify", model, "--bits", "9").exitCode()).isEqualTo(3);
    Said verify = Said.by("verify", model, folder.resolve("certificate.json"));
    assertThat(verify.exitCode()).as(verify.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qonnx", "qcdq"})
  void certify_weightsRaisedByHand_exitsThreeWithTheirChannel(String form) {
    Path model = FOLDER.resolve("a2q-plus-broken-" + form + ".onnx");
    Said certify = Said.by("certify", model, "--bits", "10");
    assertThat(certify.exitCode()).isEqualTo(3);
    assertThat(certify.err()).contains("10 bits are not enough: layer \"", "channel 3 needs 11");
  }
}
