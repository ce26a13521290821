package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.doctor.Finding;
import dev.narrows.cli.doctor.Finding.FindingState;
import dev.narrows.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {
  private static final int SCREEN = 24;

  @TempDir private Path folder;

  @Test
  void doctor_thisMachine_isWellAndFitsAScreen() throws IOException {
    Said said = Said.by("doctor", "--out", folder);
    assertThat(said.exitCode()).as(said.out()).isZero();
    assertThat(said.out()).startsWith("Nothing is wrong").contains("kernels", "JDK", "data sets");
    assertThat(said.out().lines()).hasSizeLessThanOrEqualTo(SCREEN);
    assertThat(said.err()).isEmpty();
    JsonNode json = JsonMapper.shared().readTree(Files.readString(folder.resolve("doctor.json")));
    assertThat(json.get("schema").asString()).isEqualTo("narrows/doctor/1");
    assertThat(json.get("items").size()).isGreaterThan(8);
    assertThat(json.get("items"))
        .allSatisfy(item -> assertThat(item.get("state").asString()).isIn("ok", "absent"));
  }

  @Test
  void tell_somethingWrong_endsInOneAndSaysTheLineTwice() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(new PrintStream(out, true), new PrintStream(err, true), false);
    int exitCode =
        new DoctorCommand(new Commands(terminal, List.of("doctor")))
            .tell(
                List.of(
                    new Finding("JDK", FindingState.OK, "25"),
                    new Finding("charts", FindingState.ABSENT, "not built"),
                    new Finding("kernels", FindingState.WRONG, "int8:wrap: 5, expected 6")));
    assertThat(exitCode).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Wrong with this installation: kernels.\n")
        .contains("kernels  wrong   int8:wrap: 5, expected 6");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("narrows: kernels: int8:wrap: 5, expected 6\n");
  }
}
