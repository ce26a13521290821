package dev.narrows.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep on two workers, one of which is lost in the middle, with a trainer that trains nothing.
 */
@Tag("thorough")
class SweepOnClusterTest {
  /** The last trial cannot read its data, and so fails however often it is tried. */
  private static final String SWEEP =
      """
      base:
        model: cnn-small
        data: {set: small.npz}
        preprocess: raw
        threads: 1
        quantization: {weights: 4, activations: 4}
        phases: {float: {epochs: 12}}
      grid:
        data.set: [small.npz, broken.npz]
        seed: [1, 2]
      accumulators: ['int9:wrap']
      exclude:
        - {data.set: broken.npz, seed: 2}
      """;

  /** For the many processes here, none of which lives long. */
  private static final List<String> QUICK_START =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  @TempDir private Path folder;

  @Test
  void sweep_aMachineIsLost_givesTheTableOfThisMachineAndReportsWhatFailsTwice() throws Exception {
    Path sweep = Files.writeString(folder.resolve("lost.yaml"), SWEEP);
    writeImages(folder.resolve("small.npz"));
    Files.writeString(folder.resolve("broken.npz"), "no archive");
    Path out = folder.resolve("out");
    String said;
    try (ClusterProcesses cluster =
        ClusterProcesses.start(Files.createDirectories(folder.resolve("spark")), 2, Map.of())) {
      Process driver =
          start(
              sweep,
              out,
              150, // the trials may begin seconds apart
              "--master",
              cluster.master(),
              "--spark",
              "spark.executor.memory=512m",
              "--spark",
              "spark.executor.extraJavaOptions=" + String.join(" ", QUICK_START));
      awaitEpochs(out, driver);
      assertThat(cluster.descendants(0)).as("an executor, and a trial").hasSizeGreaterThan(1);
      cluster.kill(0);
      assertThat(driver.waitFor(3, TimeUnit.MINUTES)).isTrue();
      said = Files.readString(folder.resolve("err"));
      assertThat(driver.exitValue()).as(said).isEqualTo(1);
    }
    assertThat(said).contains("is lost", "failed once, tried again: base data.set=broken");
    Process here = start(sweep, folder.resolve("here"), 0, "--jobs", "2");
    assertThat(here.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(here.exitValue()).as(Files.readString(folder.resolve("err"))).isEqualTo(1);
    assertThat(withoutWhatDiffers(out)).isEqualTo(withoutWhatDiffers(folder.resolve("here")));
    assertThat(table(out).trials())
        .extracting(SweepTrial::status)
        .containsExactly(SweepTrial.DONE, SweepTrial.DONE, SweepTrial.FAILED);
    assertThat(table(out).front()).isEqualTo(table(folder.resolve("here")).front());
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith(".cluster-"));
    }
    assertThat(out.resolve("spark")).as("event logs").isNotEmptyDirectory();
  }

  /** So few that they need no compiled vectors. */
  private static void writeImages(Path file) throws IOException {
    byte[] pixels = new byte[200 * 784];
    new Random(4).nextBytes(pixels);
    SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", NpyArray.ofUnsigned(pixels, 200, 28, 28));
    arrays.put("y", NpyArray.of(IntStream.range(0, 200).map(i -> i % 10).toArray(), 200));
    Npz.write(file, arrays);
  }

  /** A sweep in a process of its own, whose trials take their time. */
  private Process start(Path sweep, Path out, int stepMillis, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(QUICK_START); // of its trials, too
    command.add("-Dnarrows.test.stepMillis=" + stepMillis);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.narrows.cli.Narrows", "sweep", sweep.toString()));
    command.addAll(List.of("--out", out.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** Waits until both trials that can be trained have come some way. */
  private void awaitEpochs(Path out, Process driver) throws Exception {
    while (driver.isAlive()) {
      if (epochs(out) >= 3) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError(
        "ended before it was disturbed: " + Files.readString(folder.resolve("err")));
  }

  private static int epochs(Path out) throws IOException {
    if (!Files.isDirectory(out.resolve("trials"))) {
      return 0;
    }
    List<Integer> epochs = new ArrayList<>();
    try (Stream<Path> runs = Files.list(out.resolve("trials"))) {
      for (Path run : (Iterable<Path>) runs::iterator) {
        Path metrics = run.resolve("metrics.csv");
        if (Files.exists(metrics)) {
          epochs.add(Files.readAllLines(metrics).size() - 1);
        }
      }
    }
    return epochs.size() < 2 ? 0 : Collections.min(epochs);
  }

  private static SweepResult table(Path out) throws IOException {
    Path file = out.resolve("sweep.json");
    return (SweepResult) ResultJson.read(file.toString(), Files.readString(file));
  }

  /** Seconds, and the folder that an error names. */
  private static List<SweepTrial> withoutWhatDiffers(Path out) throws IOException {
    return table(out).trials().stream()
        .map(t ->
            t.with(
                t.status(),
                t.error().map(error -> error.replace(out.toString(), "")),
                t.figures().map(f -> f.withSeconds(0))))
        .toList();
  }
}
