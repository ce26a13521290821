package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates of chunks and pairs, checked by code that shares nothing with what made them. */
class PartCertificatesCommandTest {
  private static final Path OPERATORS =
      Path.of("..", "network/src/test/resources/golden/litert/operators");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv-same-relu6 | vpmaddubsw | 3",
        "conv-same-relu6 | smlal | 0",
        "conv-same-relu6 | int16:saturate:chunk(1,int32) | 0",
        "conv-same-relu6 | int16:saturate:chunk(5,int32) | 3",
        "conv-same-relu6 | int20:saturate:chunk(5,int32) | 0",
        "transpose-conv-same | int20:saturate:chunk(7,int24) | 0",
        "transpose-conv-same | vpmaddubsw | 3",
        "batch-matmul-codes-both | int20:saturate:chunk(2,int32) | 0",
        "conv-groups | int24:saturate | 0",
        "conv-same-relu6 | int32:wrap:lanes(i16s*1) | 0",
        "conv-same-relu6 | int32:wrap:lanes(i16s*2+i16s*8/16) | 3",
        "conv-same-relu6 | int32:wrap:lanes(smull+smlal+sadalp,2) | 3",
        "conv-same-relu6 | int32:wrap:lanes(i20*2/8+i20s*3+i32) | 0",
        "transpose-conv-same | int24:saturate:lanes(i20*2/3+i20s*2/2) | 0",
        "batch-matmul-codes-both | int32:saturate:lanes(i16*2/8+i16s*3) | 3",
        "batch-matmul-codes-both | int32:saturate:lanes(i20*2/8+i20s*3) | 0",
      })
  void certify_target_isWhatTheCheckerFinds(String name, String target, int exitCode)
      throws IOException {
    Path model = OPERATORS.resolve(name + ".tflite");
    Path certificate = folder.resolve("certificate.json");
    Said certified = Said.by("certify", model, "--target", target);
    assertThat(certified.exitCode()).as(certified.err()).isEqualTo(exitCode);
    Files.writeString(certificate, certified.out());
    Said checked = Said.by("verify", model, certificate, "--format", "json");
    assertThat(checked.exitCode()).as(checked.out() + checked.err()).isEqualTo(exitCode);
    assertThat(checked.out()).contains("\"disagreements\" : [ ]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunk(5) | chunk(6)",
        "chunk(5) | pairs(1)",
        "chunk(5) | some",
        "chunk(5) | lanes(5/1,2/1)",
        "chunk(5) | lanes(5/0)",
        "chunk(5) | lanes(9999999999/9999999999)",
        "\"outer\" : \"32\" | \"outer\" : \"17\"",
        "\"outer\" : \"32\" | \"outer\" : \"wide\"",
        "\"outer\" : \"32\" | \"leastOperand\" : \"0\"",
      })
  void verify_alteredParts_doesNotHold(String from, String to) throws IOException {
    Path model = OPERATORS.resolve("conv-same-relu6.tflite");
    Path certificate = folder.resolve("certificate.json");
    String text = Said.by("certify", model, "--target", "int20:saturate:chunk(5,int32)").out();
    Files.writeString(certificate, text.replace(from, to));
    assertThat(text).contains(from);
    assertThat(Said.by("verify", model, certificate).exitCode()).isEqualTo(3);
  }

  @Test
  void certify_bothOrNeither_isRefused() {
    Path model = OPERATORS.resolve("conv-same-relu6.tflite");
    assertThat(Said.by("certify", model).err())
        .contains("--bits: needed, or registers by --accumulators, or --target");
    assertThat(Said.by("certify", model, "--bits", 16, "--target", "16").exitCode()).isEqualTo(2);
    assertThat(Said.by("certify", model, "--target", "smlal", "--all").err()).contains("--all");
  }
}
