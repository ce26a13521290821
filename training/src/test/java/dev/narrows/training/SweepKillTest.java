package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Sweeps as users run them: the command, real training on embedded images, and real kills. */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
class SweepKillTest {
  private static final String SWEEP =
      """
      base:
        model: mlp1
        data: {set: fashion-small, limit: 200, validation: 50}
        threads: 1
        batch: 25
        quantization: {weights: 4, activations: 4, firstLast: 4, exclude: []}
        phases: {float: {epochs: 400}, quantize: {epochs: 2}}
      accumulators: ['int10:saturate']
      """;

  @TempDir private Path folder;

  @Test
  void sweep_killedTwiceAndResumed_givesTheTableOfAnUninterruptedOne() throws Exception {
    Path out = folder.resolve("out");
    killAfterEpochs(out, 1);
    killAfterEpochs(out, 20);
    String resumed = finish(out);
    String uninterrupted = finish(folder.resolve("whole"));
    assertThat(withoutSeconds(out)).isEqualTo(withoutSeconds(folder.resolve("whole")));
    assertThat(withoutSeconds(out)).hasSize(1).allMatch(t -> t.status().equals("done"));
    assertThat(resumed).isEqualTo(uninterrupted);
    assertThat(Files.readString(out.resolve("trials.csv")))
        .startsWith("label,seed,hash,status,float %,exact %");
  }

  private String finish(Path out) throws Exception {
    Process process = start(out);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(folder.resolve("err"));
    assertThat(process.exitValue()).as(said).isZero();
    return said.lines().filter(line -> line.startsWith("started")).sorted().toList().toString();
  }

  /** Kills the sweep, and nothing else, once a trial has come so far; its trials must notice. */
  private void killAfterEpochs(Path out, int epochs) throws Exception {
    Process process = start(out);
    for (int i = 0; i < 1200 && process.isAlive() && !anyAt(out, epochs); i++) {
      Thread.sleep(25);
    }
    List<ProcessHandle> trials = new ArrayList<>(process.descendants().toList());
    assertThat(process.isAlive()).as(Files.readString(folder.resolve("err"))).isTrue();
    process.destroyForcibly().waitFor();
    assertThat(trials).isNotEmpty();
    for (ProcessHandle trial : trials) {
      trial.onExit().get(20, TimeUnit.SECONDS);
    }
    assertThat(table(out).trials()).allMatch(t -> t.status().equals(SweepTrial.PENDING));
  }

  private static boolean anyAt(Path out, int epochs) throws IOException {
    Path trials = out.resolve("trials");
    if (!Files.isDirectory(trials)) {
      return false;
    }
    try (Stream<Path> runs = Files.list(trials)) {
      for (Path run : runs.toList()) {
        Path metrics = run.resolve("metrics.csv");
        if (Files.exists(metrics) && Files.readAllLines(metrics).size() > epochs) {
          return true;
        }
      }
    }
    return false;
  }

  private Process start(Path out) throws IOException {
    Path sweep = Files.writeString(folder.resolve("killed.yaml"), SWEEP);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", // of its trials, too: none lives long
            "-XX:TieredStopAtLevel=1",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.narrows.cli.Narrows",
            "sweep",
            sweep.toString(),
            "--jobs",
            "2",
            "--out",
            out.toString())
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static SweepResult table(Path out) throws IOException {
    Path file = out.resolve("sweep.json");
    return (SweepResult) ResultJson.read(file.toString(), Files.readString(file));
  }

  private static List<SweepTrial> withoutSeconds(Path out) throws IOException {
    return table(out).trials().stream()
        .map(t -> t.with(t.status(), t.error(), t.figures().map(f -> f.withSeconds(0))))
        .toList();
  }
}
