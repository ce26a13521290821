package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageEvaluateTest {
  private static final String MODEL = "models/stories260k/stories260K.bin";

  @TempDir private Path folder;

  @Test
  void evaluate_fileThatIsNoCheckpoint_isRefused() throws IOException {
    Path model = Files.write(folder.resolve("some.bin"), new byte[100]);
    Path text = Files.writeString(folder.resolve("text.txt"), "once");
    Said said = Said.by("evaluate", model, "--data", text);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("some.bin: header: dim must be in [1, 1048576], got 0");
    Said nothing = Said.by("evaluate", model);
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("--data: a language model needs a known text");
  }

  /** Needs stories260K under a root of NARROWS_DATA; CI must have it. */
  @Test
  @Tag("data")
  void evaluate_languageModel_tellsTheLossBesideTheExactOne() throws IOException {
    Path model = SharedData.file(MODEL);
    Path text = Files.writeString(folder.resolve("text.txt"), "Once upon a time, there was a dog.");
    Said said =
        Said.by(
            "evaluate",
            model,
            "--data",
            text,
            "--context",
            "16",
            "--format",
            "json",
            "--accumulator",
            "exact",
            "--accumulator",
            "bf16",
            "--accumulator",
            "deepgemm-fp8",
            "--accumulator",
            "m3e4(9)/m3e4(8)");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("\"schema\" : \"narrows/language/1\"", "\"context\" : 16")
        .contains("\"aboveExact\" : 0.0,", "layer4.attention.mix");
    Said wrong = Said.by("evaluate", model, "--data", text, "--context", "513");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("--context: must be in [1, 512], the model's longest, got 513");
    Said integers = Said.by("evaluate", model, "--data", text, "--accumulator", "int8:wrap");
    assertThat(integers.exitCode()).isEqualTo(2);
    assertThat(integers.err()).contains("has float operands; int8:wrap is a register for integer");
    Said seed = Said.by("evaluate", model, "--data", "sampled/x");
    assertThat(seed.err()).contains("--data: expected sampled/SEED with a whole number");
  }
}
