package dev.narrows.experiments.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server hears of runs, and what becomes of the work if it does not listen. */
class MlflowSinkTest {
  private static final Recipe RECIPE =
      Recipe.parse(
          "r.yaml",
          """
          model: mlp1
          data: {set: fashion-small}
          threads: 2
          quantization: {weights: 4, activations: 4}
          phases: {float: {epochs: 3}}
          """);

  @TempDir private Path folder;
  private StandInMlflow server;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void startServer() throws IOException {
    server = new StandInMlflow();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private MlflowSink sink() {
    return new MlflowSink(server.address(), "tried", Optional.empty());
  }

  private RunFolder run(int epochs) throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"), RECIPE);
    run.writeMetrics(
        IntStream.rangeClosed(1, epochs)
            .mapToObj(epoch ->
                new EpochMetrics("float", epoch, 1.0 / epoch, 50, Double.NaN, 0.1, 0, 0, 2))
            .toList());
    return run;
  }

  private static void finish(RunFolder run) throws IOException {
    EvaluationResult result =
        new EvaluationResult(
            new NetworkFile("network.narrows", "00"),
            "fashion-small/test",
            100,
            Optional.of(80.0),
            Optional.empty(),
            List.of(
                new AccumulatorResult(
                    "int9:saturate:sorted", 79.5, 3, Optional.empty(), List.of())));
    run.writeResults(ResultJson.write(result));
  }

  @Test
  void run_toldAfterEachEpochAndResumed_isOneRunWithEachEpochOnce() throws IOException {
    MlflowSink first = sink();
    first.changed(run(0).path());
    first.changed(run(1).path());
    first.ended(run(2).path(), RunStatus.KILLED);
    first.finish(60, notes::add);
    assertThat(server.statuses).containsExactly(java.util.Map.entry("run0", "KILLED"));

    MlflowSink second = sink();
    RunFolder run = run(3);
    second.changed(run.path());
    finish(run);
    second.ended(run.path(), RunStatus.FINISHED);
    second.finish(60, notes::add);

    assertThat(notes).isEmpty();
    assertThat(server.experiments).containsExactly("tried");
    assertThat(server.statuses).containsExactly(java.util.Map.entry("run0", "FINISHED"));
    assertThat(server.metrics.get("run0"))
        .doesNotHaveDuplicates()
        .contains(
            "loss@1=1.0",
            "loss@2=0.5",
            "trainAccuracy@3=50.0",
            "seconds@3=2.0",
            "accuracy/float@3=80.0",
            "accuracy/int9_saturate_sorted@3=79.5",
            "differing/int9_saturate_sorted@3=3.0")
        .noneMatch(row -> row.startsWith("validationAccuracy"));
    assertThat(server.parameters.get("run0"))
        .containsEntry("model", "mlp1")
        .containsEntry("quantization.weights", "4")
        .containsEntry("phases.float.epochs", "3");
    assertThat(server.tags.get("run0"))
        .containsEntry("mlflow.runName", "run")
        .containsEntry("narrows.folder", run.path().toAbsolutePath().toString());
    assertThat(server.files.get("0/run0/artifacts/metrics.csv"))
        .isEqualTo(Files.readString(run.path().resolve("metrics.csv")));
  }

  @Test
  void run_completeAndSent_isNotSentAgain() throws IOException {
    RunFolder run = run(3);
    finish(run);
    for (int i = 0; i < 2; i++) {
      MlflowSink sink = sink();
      sink.ended(run.path(), RunStatus.FINISHED);
      server.files.clear();
      sink.finish(60, notes::add);
    }
    assertThat(notes).isEmpty();
    assertThat(server.files).isEmpty();
    assertThat(server.metrics.get("run0")).doesNotHaveDuplicates().hasSize(3 * 7 + 3);
  }

  @Test
  void run_ofAnotherRecipeInTheSameFolder_isAnotherRun() throws IOException {
    MlflowSink first = sink();
    first.changed(run(1).path());
    first.finish(60, notes::add);
    Files.writeString(folder.resolve("run/recipe.yaml"), RECIPE.withSeed(2).toYaml());
    MlflowSink second = sink();
    second.changed(folder.resolve("run"));
    second.finish(60, notes::add);
    assertThat(server.parameters.get("run0")).containsEntry("seed", "1");
    assertThat(server.parameters.get("run1")).containsEntry("seed", "2");
  }

  @Test
  void trials_ofASweep_areRunsBelowIts() throws IOException {
    RunFolder run = run(1);
    Files.writeString(folder.resolve("sweep.yaml"), "name: s\ngrid: {P: [9, 8]}\n");
    MlflowSink sink = new MlflowSink(server.address(), "tried", Optional.of(folder));
    sink.changed(run.path());
    sink.ended(folder, RunStatus.FINISHED);
    sink.finish(60, notes::add);
    assertThat(notes).isEmpty();
    assertThat(server.tags.get("run0")).containsEntry("narrows.kind", "sweep");
    assertThat(server.parameters.get("run0")).containsEntry("grid.P_1", "8");
    assertThat(server.tags.get("run1")).containsEntry("mlflow.parentRunId", "run0");
  }

  @Test
  void server_brokenForAWhile_isToldOfOnceAndGetsEverythingInTheEnd() throws IOException {
    MlflowSink sink = sink();
    sink.changed(run(1).path());
    server.broken = true;
    sink.changed(run(2).path());
    sink.ended(run(3).path(), RunStatus.FINISHED);
    server.broken = false;
    sink.finish(60, notes::add);
    assertThat(notes).hasSizeLessThan(2);
    assertThat(server.metrics.get("run0")).doesNotHaveDuplicates().contains("loss@1=1.0");
    assertThat(server.statuses).containsEntry("run0", "FINISHED");
  }

  @Test
  void server_thatIsNone_isOneLine() throws IOException {
    server.close();
    MlflowSink sink = sink();
    sink.changed(run(1).path());
    sink.ended(run(2).path(), RunStatus.FINISHED);
    sink.finish(60, notes::add);
    assertThat(notes)
        .containsExactly(
            "MLflow at %s: no server answers there; the work goes on, and the same command sends what is missing later"
                .formatted(server.address()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.30.0", "<html>Welcome</html>"})
  void server_tooOldOrAnother_isOneLine(String version) throws IOException {
    server.version = version;
    MlflowSink sink = sink();
    sink.ended(run(2).path(), RunStatus.FINISHED);
    sink.finish(60, notes::add);
    assertThat(notes)
        .singleElement()
        .asString()
        .contains(
            version.startsWith("1")
                ? "the server is MLflow 1.30.0, too old: 2.0 is needed"
                : "what answers there is no MLflow server");
    assertThat(server.metrics).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mlruns", "sqlite:///x.db", "http://", "http://u:p@127.0.0.1", "http:// x"})
  void address_ofNoServer_isRefused(String text) {
    assertThatThrownBy(() -> MlflowSink.address(text))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--mlflow: ")
        .message()
        .doesNotContain("u:p");
    assertThat(MlflowSink.address("https://host/mlflow/"))
        .isEqualTo(URI.create("https://host/mlflow/"));
  }
}
