package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What commands print fits a screen, and --verbose prints the rest. */
@Tag("data")
class BriefOutputTest {
  /**
   * Not in a field: where there are no data sets, tests are skipped, and classes must still load.
   */
  private static Path resnet() {
    return SharedData.file("models/mlperf-tiny/pretrainedResnet_quant.tflite");
  }

  @Test
  void analyze_withoutData_beginsWithTheAnswer() {
    Said said = Said.by("analyze", resnet());
    assertThat(said.out())
        .startsWith(
            "No input overflows 23 bits, in any order; model/batch_normalization_6/FusedBatchNormV3"
                + " needs them. In 16 bits 1 of 11 layers are safe.\n");
    assertThat(said.out().lines().count()).isLessThan(24);
    assertThat(said.err()).contains("--verbose shows 3 more tables");
    Said all = Said.by("analyze", resnet(), "--verbose");
    assertThat(all.out())
        .startsWith(said.out().lines().findFirst().orElseThrow())
        .contains("vpmaddubsw: x86", "Whole sums in narrow registers");
  }

  @Test
  void analyze_withData_tellsWhatTheyNeedInOneTable() {
    Said said =
        Said.by(
            "analyze",
            resnet(),
            "--data",
            "cifar10",
            "--data-root",
            SharedData.file("cifar10/test_batch.bin").resolve("../..").normalize(),
            "--limit",
            "4");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith("These 4 images need ")
        .contains("no input at all overflows 23.", "always enough", "transient % in 16");
    assertThat(said.out().lines().count()).isLessThan(24);
  }
}
