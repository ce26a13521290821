package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.reproduce.field.PqsFigure5Field;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PqsFigure5FieldTest {
  private static final String SPEECH = "models/tflite-micro/micro_speech_quantized.tflite";

  @TempDir private Path folder;

  private ReproductionResult make(Path root, List<String> worked) throws IOException {
    EvaluationListener listener = (what, _, _) -> worked.add(what);
    return new Reproduction(
            new PqsFigure5Field(),
            Scale.SMOKE,
            Optional.empty(),
            folder.resolve("out"),
            new DataRoots(List.of(root), root),
            new SmallTrainer(),
            2,
            List.of("reproduce"))
        .finish(TrainingListener.SILENT, listener);
  }

  @Test
  void make_nothingThere_saysWhatWasNotRun() throws IOException {
    ReproductionResult result = make(folder.resolve("nowhere"), new ArrayList<>());
    assertThat(result.networks()).isEmpty();
    assertThat(result.claims()).allSatisfy(claim -> assertThat(claim.ours()).isEqualTo("not run"));
    assertThat(String.join(" ", result.notes()))
        .contains("pretrainedResnet_quant.tflite", SPEECH)
        .doesNotContain(folder.toString());
  }

  @Test
  void make_oneFile_sortsItsSumsAndNeverMeasuresTwice() throws IOException {
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve(SPEECH).resolveSibling(""));
    Files.copy(SharedData.file(SPEECH), root.resolve(SPEECH));
    ReproductionResult result = make(root, new ArrayList<>());
    assertThat(result.networks()).hasSize(1);
    assertThat(result.networks().getFirst().file()).isEqualTo(SPEECH);
    assertThat(result.claims().getFirst().ours()).isEqualTo("micro-speech 1");
    assertThat(result.grids().get(1).rows())
        .contains(
            List.of("micro-speech", "natural", 17, 17, 17, 17, 17),
            List.of("micro-speech", "sorted", 16, 16, 16, 16, 16));
    Files.delete(folder.resolve("out/reproduction.json"));
    List<String> worked = new ArrayList<>();
    assertThat(make(root, worked)).isEqualTo(result);
    assertThat(worked).isEmpty();
  }

  @Test
  void make_fileWithoutItsSounds_isLeftOutWithThem() throws IOException {
    String model = "models/mlperf-tiny/kws_ref_model.tflite";
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve(model).resolveSibling(""));
    Files.copy(SharedData.file(model), root.resolve(model));
    ReproductionResult result = make(root, new ArrayList<>());
    assertThat(result.networks()).isEmpty();
    assertThat(String.join(" ", result.notes())).contains("one spoken word");
  }
}
