package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.core.testing.SharedData;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export --to c}: files that compile and give the executor's outputs. */
class ExportCTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeNetwork() throws IOException {
    model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  /** Compiles what lies in the folder and runs it. */
  private String ran(String name) throws IOException, InterruptedException {
    boolean found = Files.exists(Path.of("/usr/bin/gcc"));
    assertThat(found || System.getenv("CI") == null).as("needs gcc (package gcc)").isTrue();
    assumeTrue(found, "needs gcc (package gcc)");
    List<String> compile =
        new ArrayList<>(List.of("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-O2"));
    compile.addAll(List.of("-o", "run", name + ".c", name + "_main.c"));
    return said(compile) + said(List.of("./run"));
  }

  private String said(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  @Test
  void export_toC_writesFilesThatGiveTheExecutorsOutputs()
      throws IOException, InterruptedException {
    Said said =
        Said.by("export", model, "--to", "c", "--vectors", 20, "--accumulator", "int10:saturate");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out().lines())
        .map(line -> Path.of(line).getFileName().toString())
        .containsExactly("small.c", "small.h", "small_vectors.h", "small_main.c");
    assertThat(Files.readString(folder.resolve("small.c")))
        .contains("Register int10:saturate", "Certificate: any partial sum");
    assertThat(ran("small")).startsWith("small: 0 of ");
  }

  @Test
  @Tag("data")
  void export_tfliteToC_givesTheExecutorsOutputs() throws IOException, InterruptedException {
    Path keywords = SharedData.file("models/mlperf-tiny/kws_ref_model.tflite");
    Said said =
        Said.by(
            "export",
            keywords,
            "--to",
            "c",
            "--target-cpu",
            "cortex-m3",
            "--vectors",
            8,
            "--out",
            folder.resolve("kws.c"));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(ran("kws")).isEqualTo("kws: 0 of 96 outputs differ\n");
  }

  @Test
  void export_toCWithBadOptions_exits2AndWritesNothing() throws IOException {
    refused("unknown processor \"z80\", expected one of portable,", "--target-cpu", "z80");
    refused("test vectors must be in [0, 100000], got -1", "--vectors", "-1");
    refused("bytes of flash, and code comes on top, but --flash is 100", "--flash", "100");
    refused("bytes of RAM", "--ram", "1");
    refused("--flash: must not be negative, got -1", "--flash", "-1");
    refused("expected n9_lives.c, got 9 lives.c", "--out", folder.resolve("9 lives.c"));
    refused("the order ascending depends on the terms", "--accumulator", "int6:saturate:ascending");
    assertThat(files()).containsExactly("small.narrows");
  }

  private void refused(String complaint, Object... options) {
    List<Object> words = new ArrayList<>(List.of("export", model, "--to", "c"));
    words.addAll(List.of(options));
    Said said = Said.by(words.toArray());
    assertThat(said.err()).contains(complaint);
    assertThat(said.exitCode()).isEqualTo(2);
  }
}
