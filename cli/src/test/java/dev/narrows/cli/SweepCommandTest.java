package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a trainer that trains nothing, in real processes. */
class SweepCommandTest {
  @TempDir private Path folder;
  private Path sweep = Path.of("");

  @BeforeEach
  void writeSweep() throws IOException {
    sweep =
        Files.writeString(
            folder.resolve("s.yaml"),
            """
            name: tried
            base:
              model: mlp1
              data: {set: fashion-small, validation: 200}
              preprocess: raw
              threads: 1
              quantization: {weights: 4, activations: 4}
              phases: {float: {epochs: 1}}
            grid: {seed: [1, 2]}
            accumulators: ['int9:wrap']
            """);
  }

  @Test
  void dryRun_listsTrialsAndLeavesNothing() {
    Path out = folder.resolve("out");
    Said said = Said.by("sweep", sweep, "--out", out, "--dry-run", "--format", "csv");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out().lines().toList()).hasSize(3);
    assertThat(said.out().lines().findFirst())
        .contains("label,seed,threads,epochs,registers,hash,status");
    assertThat(said.out().lines().skip(1)).allMatch(line -> line.endsWith(",pending"));
    assertThat(out).doesNotExist();
  }

  private static SweepResult table(Path out) throws IOException {
    Path file = out.resolve("sweep.json");
    return (SweepResult) ResultJson.read(file.toString(), Files.readString(file));
  }

  @Test
  @Tag("slow")
  void sweep_aTrialFailsAndOneIsNotCertified_theOthersAreRunAndTheExitCodeSaysSo()
      throws IOException {
    Files.writeString(
        sweep,
        Files.readString(sweep)
            .replace(
                "grid: {seed: [1, 2]}",
                """
                grid:
                  data.set: [broken.npz, fashion-small]
                methods:
                  - label: base
                  - {label: tight, set: {quantization.constraint: {method: a2q, bits: 4}}}
                exclude:
                  - {data.set: broken.npz, method: tight}
                """));
    Files.writeString(folder.resolve("broken.npz"), "no archive");
    Path out = folder.resolve("out");
    Said said = Said.by("sweep", sweep, "--out", out);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(1);
    assertThat(table(out).trials())
        .extracting(SweepTrial::status)
        .containsExactly(SweepTrial.FAILED, SweepTrial.DONE, SweepTrial.UNCERTIFIED);
    SweepTrial uncertified = table(out).trials().getLast();
    assertThat(uncertified.error().orElseThrow()).contains("the network is not safe in 4 bits");
    assertThat(uncertified.figures().orElseThrow().certifiedBits().orElseThrow()).isGreaterThan(4);
    assertThat(table(out).trials().getFirst().error().orElseThrow()).contains("broken.npz");
    assertThat(said.out()).contains("What went wrong", "broken.npz");

    Said again = Said.by("sweep", sweep, "--out", out);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err().lines().filter(line -> line.startsWith("started")))
        .as("what failed is tried again, what is finished is not")
        .containsExactly("started: base data.set=broken.npz seed=1");
    assertThat(again.out()).isEqualTo(said.out());
  }

  @Test
  void sweep_badUsage_isToldInOneLine() throws IOException {
    bad("FILE is missing", "sweep");
    bad("--jobs: must be in [1, 1024], got 0", "sweep", sweep, "--jobs", "0");
    bad("--shard: expected I/N such as 1/2", "sweep", sweep, "--shard", "3/2");
    bad("no such file: expected the database", "sweep", "merge", folder, "--out", sweep);
    bad("no such file", "sweep", folder.resolve("none.yaml"));
  }

  private static void bad(String said, Object... words) {
    Said by = Said.by(words);
    assertThat(by.exitCode()).isEqualTo(2);
    assertThat(by.err().strip()).startsWith("narrows: ").contains(said).hasLineCount(1);
  }
}
