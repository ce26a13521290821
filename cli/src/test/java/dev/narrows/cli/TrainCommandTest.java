package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With a trainer that trains nothing: what the commands around training do. */
class TrainCommandTest {
  @TempDir private Path folder;
  private Path recipe = Path.of("");

  @BeforeEach
  void writeRecipe() throws IOException {
    recipe =
        Files.writeString(
            folder.resolve("r.yaml"),
            """
            name: trial
            model: cnn-small
            data: {set: fashion-small}
            preprocess: raw
            threads: 1
            quantization: {weights: 4, activations: 4}
            phases: {float: {epochs: 5}}
            """);
  }

  @Test
  void train_thenEvaluateTheRunFolder_repeatsEveryFigure() {
    Path run = folder.resolve("run");
    Said train = Said.by("train", recipe, "--out", run, "--format", "json");
    assertThat(train.exitCode()).as(train.err()).isZero();
    JsonNode trained = JsonMapper.shared().readTree(train.out());
    assertThat(trained.path("floatAccuracy").asDouble()).isEqualTo(100.0);
    Said evaluate = Said.by("evaluate", run, "--format", "json");
    assertThat(evaluate.exitCode()).as(evaluate.err()).isZero();
    assertThat(evaluate.out()).isEqualTo(train.out());
    assertThat(run.resolve("results.json")).hasContent(train.out());
    assertThat(run.resolve("environment.json")).content().contains("\"train\"", "\"training\"");
  }

  @Test
  void train_mlflowServerThatIsNotThere_isOneLineAndTrainsAllTheSame() {
    Path run = folder.resolve("run");
    Said said = Said.by("train", recipe, "--out", run, "--mlflow", "http://127.0.0.1:1");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err().lines().filter(line -> line.contains("MLflow")))
        .singleElement()
        .asString()
        .startsWith("MLflow at http://127.0.0.1:1: no server answers there; the work");
    assertThat(run.resolve("results.json")).exists();
  }

  @Test
  void train_constraintThatDoesNotHold_exits3() throws IOException {
    String text =
        Files.readString(recipe)
            .replace("activations: 4", "activations: 4, constraint: {method: a2q, bits: 6}");
    Path run = folder.resolve("run");
    Said said = Said.by("train", Files.writeString(folder.resolve("c.yaml"), text), "--out", run);
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("the network is not safe in 6 bits");
    assertThat(run.resolve("results.json")).doesNotExist();
    Said verify = Said.by("verify", run, run.resolve("certificate.json"));
    assertThat(verify.exitCode()).isEqualTo(3);
    assertThat(verify.err()).doesNotContain("disagree");
  }

  @Test
  void analyze_networkTrainedForAWidth_saysWhichAndWhatItLeavesOut() throws IOException {
    String text =
        Files.readString(recipe)
            .replace("activations: 4", "activations: 4, constraint: {method: a2q, bits: 24}");
    Path run = folder.resolve("run");
    Said train = Said.by("train", Files.writeString(folder.resolve("c.yaml"), text), "--out", run);
    assertThat(train.exitCode()).as(train.err()).isZero();
    assertThat(train.out()).contains("trained to be safe in 24 bits");
    Path out = folder.resolve("out");
    Said table = Said.by("analyze", run, "--out", out);
    assertThat(table.out()).contains("safe in 24 bits, but for first in exact registers");
    JsonNode json = JsonMapper.shared().readTree(Files.readString(out.resolve("analysis.json")));
    assertThat(json.path("trainedBits").asInt()).isEqualTo(24);
    assertThat(json.path("exactLayers").toString()).isEqualTo("[\"first\"]");
    for (Path stored : List.of(out, run)) {
      assertThat(Said.by("report", stored, "--to", "markdown").out())
          .contains("trained to be safe in registers of 24 bits, all layers but first");
    }
  }

  @Test
  void train_anotherSeedIntoTheSameFolder_isRefused() {
    Path run = folder.resolve("run");
    assertThat(Said.by("train", recipe, "--out", run).exitCode()).isZero();
    Said again = Said.by("train", recipe, "--out", run, "--seed", "2");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("the folder holds another run (seed is 1 there and 2 here)");
  }

  @Test
  void train_noTrainerOnTheClassPath_isToldInOneLine() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
      Said said = Said.by("train", recipe, "--out", folder.resolve("run"));
      assertThat(said.exitCode()).isEqualTo(1);
      assertThat(said.err().strip()).startsWith("narrows: no trainer").hasLineCount(1);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  @Tag("slow")
  void train_ctrlC_exits130AndTheSameCommandResumes() throws Exception {
    Path run = folder.resolve("run");
    Process process = start(run, 200);
    waitFor(run.resolve("checkpoint").resolve("epoch"), process);
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor())
        .isZero();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    String said = Files.readString(folder.resolve("err"));
    assertThat(said).contains("narrows: training was interrupted; the same command resumes it");
    assertThat(run.resolve("results.json")).doesNotExist();
    try (Stream<Path> files = Files.walk(run)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
    Said resumed = Said.by("train", recipe, "--out", run, "--format", "json");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Said whole = Said.by("train", recipe, "--out", folder.resolve("whole"), "--format", "json");
    assertThat(run.resolve("network.narrows"))
        .hasSameBinaryContentAs(folder.resolve("whole").resolve("network.narrows"));
    assertThat(run.resolve("metrics.csv"))
        .hasSameBinaryContentAs(folder.resolve("whole").resolve("metrics.csv"));
    assertThat(whole.exitCode()).isZero();
  }

  @Test
  @Tag("slow")
  void train_killed_theSameCommandResumes() throws Exception {
    Path run = folder.resolve("run");
    Process process = start(run, 100);
    waitFor(run.resolve("checkpoint").resolve("epoch"), process);
    process.destroyForcibly().waitFor();
    Said resumed = Said.by("train", recipe, "--out", run);
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Said.by("train", recipe, "--out", folder.resolve("whole"));
    assertThat(run.resolve("network.narrows"))
        .hasSameBinaryContentAs(folder.resolve("whole").resolve("network.narrows"));
  }

  private Process start(Path run, int stepMillis) throws IOException {
    return new ProcessBuilder(
            List.of(
                // started in the background by a script, this JVM ignores SIGINT, and a child would
                // too
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dnarrows.test.stepMillis=" + stepMillis,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.narrows.cli.Narrows",
                "train",
                recipe.toString(),
                "--out",
                run.toString()))
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static void waitFor(Path file, Process process) throws InterruptedException {
    for (int i = 0; i < 600 && process.isAlive() && !Files.exists(file); i++) {
      Thread.sleep(50);
    }
    assertThat(file).exists();
  }
}
