package dev.narrows.experiments.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.Network;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.DemoResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.ResultJson;
import dev.narrows.report.WeightsResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeRunTest {
  private static final Recipe RECIPE =
      Recipe.parse(
          "r.yaml",
          """
          model: cnn-small
          data: {set: fashion-small}
          preprocess: raw
          threads: 1
          quantization: {weights: 4, activations: 4}
          phases: {float: {epochs: 3}}
          """);

  @TempDir private Path folder;

  private RecipeRun run(Recipe recipe, Path out) {
    DataRoots roots = new DataRoots(List.of(), folder);
    return new RecipeRun(
        new TrainingRun(recipe, folder, roots), new SmallTrainer(), out, List.of("train"));
  }

  @Test
  void finish_newRun_leavesAWholeRunFolder() throws IOException {
    Path out = folder.resolve("run");
    EvaluationResult result =
        run(RECIPE, out).finish(2, TrainingListener.SILENT, EvaluationListener.SILENT);
    assertThat(result.floatAccuracy()).hasValue(100.0);
    assertThat(result.quantizedAgreement()).hasValue(2000);
    assertThat(result.certifiedBits()).isEmpty();
    WeightsResult weights = result.weights().orElseThrow();
    Network network = ModelFile.open(out).network();
    assertThat(weights.layers()).hasSameSizeAs(network.dotLayers());
    for (int i = 0; i < weights.layers().size(); i++) {
      WeightsResult.LayerWeights layer = weights.layers().get(i);
      int[] codes = network.dotLayers().get(i).integers().weights().dense();
      long zeros = Arrays.stream(codes).filter(q -> q == 0).count();
      assertThat(layer.figures().count()).isEqualTo(codes.length);
      assertThat(layer.figures().zeros()).isEqualTo(zeros);
      assertThat(layer.figures().compression().orElseThrow())
          .isEqualTo(layer.bits() / layer.figures().entropyBits());
    }
    Certificate certificate = CertifyNetwork.of(network, 20, Summation.exact());
    assertThat(weights.total().orElseThrow().safeBits())
        .isEqualTo(
            certificate.layers().stream().mapToInt(LayerCertificate::bits).max().orElseThrow());
    assertThat(result.results().getFirst().accumulator()).isEqualTo("exact");
    for (String file :
        List.of(
            "recipe.yaml",
            "environment.json",
            "metrics.csv",
            "network.narrows",
            "analysis.json",
            "results.json")) {
      assertThat(out.resolve(file)).isNotEmptyFile();
    }
    assertThat(Files.readAllLines(out.resolve("metrics.csv"))).hasSize(4);
    assertThat(RunFolder.open(out).finished()).isTrue();
  }

  @Test
  void finish_interruptedRun_resumesToTheSameBytes() throws IOException {
    Path whole = folder.resolve("whole");
    run(RECIPE, whole).finish(2, TrainingListener.SILENT, EvaluationListener.SILENT);
    Path broken = folder.resolve("broken");
    AtomicInteger steps = new AtomicInteger();
    TrainingListener stopsInTheSecondEpoch =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return steps.incrementAndGet() > 6;
          }
        };
    assertThatThrownBy(
            () -> run(RECIPE, broken).finish(2, stopsInTheSecondEpoch, EvaluationListener.SILENT))
        .isInstanceOf(TrainingCancelledException.class);
    assertThat(RunFolder.open(broken).finished()).isFalse();
    assertThat(broken.resolve("results.json")).doesNotExist();
    run(RECIPE, broken).finish(2, TrainingListener.SILENT, EvaluationListener.SILENT);
    for (String file : List.of("recipe.yaml", "metrics.csv", "network.narrows")) {
      assertThat(broken.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  @Test
  void finish_completeRun_onlyReadsItsResults() throws IOException {
    Path out = folder.resolve("run");
    EvaluationResult first =
        run(RECIPE, out).finish(1, TrainingListener.SILENT, EvaluationListener.SILENT);
    AtomicInteger steps = new AtomicInteger();
    TrainingListener counts =
        new TrainingListener() {
          @Override
          public void step(Progress progress) {
            steps.incrementAndGet();
          }
        };
    assertThat(run(RECIPE, out).finish(1, counts, EvaluationListener.SILENT)).isEqualTo(first);
    assertThat(steps).hasValue(0);
  }

  @Test
  void finish_constrainedRunThatIsSafe_storesItsCertificate() throws IOException {
    Path out = folder.resolve("run");
    EvaluationResult result =
        run(constrained(24), out).finish(2, TrainingListener.SILENT, EvaluationListener.SILENT);
    assertThat(result.certifiedBits()).hasValue(24);
    assertThat(ResultJson.readEvaluation("r", Files.readString(out.resolve("results.json"))))
        .isEqualTo(result);
    assertThat(ResultJson.read("c", Files.readString(out.resolve("certificate.json"))))
        .isInstanceOfSatisfying(
            CertificateResult.class,
            certificate -> {
              assertThat(certificate.bits()).isEqualTo(24);
              assertThat(certificate.layers()).isNotEmpty();
            });
    assertThat(RunFolder.open(out).finished()).isTrue();
  }

  @Test
  void finish_constrainedRunThatIsNotSafe_failsEveryTimeAndKeepsTheProof() throws IOException {
    Path out = folder.resolve("run");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() ->
              run(constrained(6), out)
                  .finish(2, TrainingListener.SILENT, EvaluationListener.SILENT))
          .isInstanceOf(NotCertifiedException.class)
          .hasMessageContaining("the network is not safe in 6 bits: layer \"")
          .hasMessageContaining("certificate.json");
      assertThat(out.resolve("certificate.json")).isNotEmptyFile();
      assertThat(out.resolve("results.json")).doesNotExist();
    }
  }

  /** The trainer here knows nothing of limits, so what it makes is safe by its width alone. */
  private static Recipe constrained(int bits) {
    return Recipe.parse(
        "r.yaml",
        RECIPE
            .toYaml()
            .replace("constraint: none", "constraint: {method: a2q+, bits: %d}".formatted(bits)));
  }

  @Test
  void finish_missingInit_isToldWithTheKey() {
    Recipe recipe =
        Recipe.parse("r.yaml", RECIPE.toYaml().replace("init: none", "init: weights.safetensors"));
    assertThatThrownBy(() ->
            run(recipe, folder.resolve("run"))
                .finish(1, TrainingListener.SILENT, EvaluationListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("init: weights.safetensors not found");
  }

  @Test
  void finish_recipeCorrectedAfterAMistake_usesTheSameFolder() throws IOException {
    Path out = folder.resolve("run");
    String right = RECIPE.toYaml();
    for (String wrong :
        List.of(
            right.replace("init: none", "init: weights.safetensors"),
            right.replace("from: none", "from: elsewhere"),
            right.replace("set: fashion-small", "set: mnist"))) {
      Recipe recipe = Recipe.parse("r.yaml", wrong);
      assertThatThrownBy(
              () -> run(recipe, out).finish(1, TrainingListener.SILENT, EvaluationListener.SILENT))
          .isInstanceOfAny(BadInputException.class, DataException.class);
    }
    run(RECIPE, out).finish(1, TrainingListener.SILENT, EvaluationListener.SILENT);
    assertThat(RunFolder.open(out).finished()).isTrue();
  }

  @Test
  void demo_withATrainerThatTrainsNothing_writesBothRunsAndEveryFigure() throws IOException {
    DemoResult result =
        new Demo(new DataRoots(List.of(), folder), new SmallTrainer(), folder, List.of("demo"))
            .run(1, Optional.of(1), 2, TrainingListener.SILENT, EvaluationListener.SILENT);
    assertThat(result.widths()).hasSize(14);
    assertThat(result.network().results()).hasSize(1 + 14 * 6);
    assertThat(result.register().floatAccuracy()).hasValue(100.0);
    assertThat(result.notes()).hasSize(3);
    assertThat(RunFolder.open(folder.resolve("network")).finished()).isTrue();
    assertThat(RunFolder.open(folder.resolve("register")).finished()).isTrue();
    assertThat(result.tables()).hasSize(4);
  }
}
