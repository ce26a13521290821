package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks in the form of Brevitas's A2Q+ export, whose integers keep a budget or do not. */
class QonnxCertificatesTest {
  private static final Path FOLDER = Path.of("../network/src/test/resources/golden/qonnx");

  @TempDir private Path folder;

  @Test
  void certifyAndVerify_weightsInsideTheBudget_hold() {
    Path model = FOLDER.resolve("a2q-plus.onnx");
    Said certify = Said.by("certify", model, "--bits", "10", "--out", folder);
    assertThat(certify.exitCode()).as(certify.err()).isZero();
    assertThat(Said.by("certify", model, "--bits", "9").exitCode()).isEqualTo(3);
    Said verify = Said.by("verify", model, folder.resolve("certificate.json"));
    assertThat(verify.exitCode()).as(verify.err()).isZero();
  }

  @Test
  void certify_oneWeightTooLarge_exitsThreeWithItsChannel() {
    Said certify = Said.by("certify", FOLDER.resolve("a2q-plus-broken.onnx"), "--bits", "10");
    assertThat(certify.exitCode()).isEqualTo(3);
    assertThat(certify.err())
        .contains("10 bits are not enough: layer \"MatMul25\", channel 3 needs 11");
  }
}
