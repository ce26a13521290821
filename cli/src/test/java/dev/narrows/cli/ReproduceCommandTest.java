package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
  @TempDir private Path folder;

  @Test
  void reproduce_unknownFigure_isToldTheNames() {
    Said said = Said.by("reproduce", "pqs-fig1");
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err())
        .contains("unknown figure \"pqs-fig1\", expected one of pqs-fig2, pqs-fig3")
        .hasLineCount(1);
  }

  @Test
  void reproduce_unknownScale_isToldTheScales() {
    Said said = Said.by("reproduce", "pqs-fig2", "--scale", "large");
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains("--scale: expected smoke or two-core, found \"large\"");
  }

  @Test
  void reproduce_unknownNetwork_isToldTheNetworks() {
    Said said = Said.by("reproduce", "pqs-fig4", "--network", "vgg");
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err())
        .contains("--network: expected one of resnet8, resnet20, resnet18-half")
        .contains("found \"vgg\"")
        .hasLineCount(1);
  }

  @Test
  void reproduce_weightsOfNoNetwork_areRefused() {
    Said said = Said.by("reproduce", "pqs-fig4", "--weights", "net.safetensors");
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains("--weights: goes with --network");
  }

  @Test
  void reproduce_folderOfSomethingElse_isRefusedAndLeftAlone() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "mine");
    Said said = Said.by("reproduce", "pqs-fig2", "--out", other);
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains("it holds letter.txt");
    assertThat(other).isDirectoryNotContaining(file -> !file.endsWith("letter.txt"));
  }

  @Test
  void reproduce_missingData_isToldBeforeAnythingIsTrained() {
    Path out = folder.resolve("out");
    Said said = Said.by("reproduce", "pqs-fig2", "--scale", "two-core", "--out", out);
    assertThat(said.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).contains("mnist");
    assertThat(out.resolve("reproduction.json")).doesNotExist();
  }
}
