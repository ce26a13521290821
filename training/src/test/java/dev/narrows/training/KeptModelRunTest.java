package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.pipeline.RecipeRun;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run keeps the model file that it trains, and the files of its constants. */
class KeptModelRunTest {
  private static final Path FILES = Path.of("src", "test", "resources", "imported");

  private static final String RECIPE =
      """
      name: kept
      model: external.onnx
      data: {set: fashion-small, limit: 64, validation: 10}
      threads: 1
      batch: 32
      quantization: {weights: 8, activations: 8}
      phases:
        quantize: {epochs: 2, rate: 0.01}
      """;

  private static final TrainingListener STOPPING =
      new TrainingListener() {
        @Override
        public boolean cancelled() {
          return true;
        }
      };

  @TempDir private Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    for (String name : List.of("external.onnx", "external.onnx.data")) {
      Files.copy(FILES.resolve(name), folder.resolve(name));
    }
  }

  private void train(String recipe, String out, TrainingListener listener) throws IOException {
    DataRoots roots = new DataRoots(List.of(), Path.of(""));
    new RecipeRun(
            new TrainingRun(Recipe.parse("kept.yaml", recipe), folder, roots),
            new LibtorchTrainer(),
            folder.resolve(out),
            List.of("train"))
        .finish(1, listener, EvaluationListener.SILENT);
  }

  private void stop(String out) {
    assertThatThrownBy(() -> train(RECIPE, out, STOPPING))
        .isInstanceOf(TrainingCancelledException.class);
  }

  private void moveModel() throws IOException {
    Files.delete(folder.resolve("external.onnx"));
    Files.delete(folder.resolve("external.onnx.data"));
  }

  @Test
  void run_modelMovedAfterItsStart_endsAsIfItWereThere() throws IOException {
    train(RECIPE, "whole", TrainingListener.SILENT);
    stop("moved");
    moveModel();
    train(RECIPE, "moved", TrainingListener.SILENT);
    assertThat(folder.resolve("moved/network.narrows"))
        .hasSameBinaryContentAs(folder.resolve("whole/network.narrows"));
    assertThat(ModelFile.open(folder.resolve("moved")).stored()).isPresent();
  }

  @Test
  void run_constantsChangedAfterItsStart_isAnotherRun() throws IOException {
    stop("run");
    Path data = folder.resolve("external.onnx.data");
    byte[] bytes = Files.readAllBytes(data);
    bytes[100] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> train(RECIPE, "run", TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the folder holds another run (sha256 is ");
  }

  @Test
  void run_anotherModelAfterItsStart_isAnotherRun() throws IOException {
    stop("run");
    Files.copy(
        FILES.resolve("hourglass.onnx"),
        folder.resolve("external.onnx"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> train(RECIPE, "run", TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the folder holds another run (sha256 is ");
  }

  @Test
  void run_modelThatDoesNotFit_leavesNothing() throws IOException {
    Files.copy(FILES.resolve("branches.onnx"), folder.resolve("other.onnx"));
    String other = RECIPE.replace("external.onnx", "other.onnx");
    assertThatThrownBy(() -> train(other, "run", TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("other.onnx: takes images of 3 x 16 x 16");
    try (var left = Files.list(folder.resolve("run"))) {
      assertThat(left.filter(file -> !file.getFileName().toString().startsWith(".")).toList())
          .isEmpty();
    }
  }
}
