package dev.narrows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.CounterRandom;
import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.RunEvaluation;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.pipeline.RecipeRun;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.EvaluationResult;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipes on data of a user's own, from the recipe to the evaluation of the run folder. */
class OwnDataRunTest {
  private static final DataRoots ROOTS = new DataRoots(List.of(), Path.of(""));

  @TempDir private Path folder;

  private static Recipe recipe(String model, String data, String more) {
    return Recipe.parse(
        "own.yaml",
        """
        name: own
        model: %s
        width: 4
        data: {set: %s%s}
        threads: 1
        batch: 16
        quantization: {weights: 8, activations: 8}
        phases:
          float: {epochs: 4, optimizer: adam, rate: %s, weightDecay: 0}
        """
            .formatted(model, data, more, model.equals("mlp1") ? "0.1" : "0.01"));
  }

  private EvaluationResult train(Recipe recipe, String out) throws IOException {
    return new RecipeRun(
            new TrainingRun(recipe, folder, ROOTS),
            new LibtorchTrainer(),
            folder.resolve(out),
            List.of("train"))
        .finish(1, TrainingListener.SILENT, EvaluationListener.SILENT);
  }

  private void archive(String name, NpyArray x, NpyArray y) throws IOException {
    SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    arrays.put("y", y);
    Npz.write(folder.resolve(name), arrays);
  }

  /** The brightest quarter of each image is its class. */
  private static byte[] quarters(int images, int side, long seed) {
    CounterRandom random = CounterRandom.of(seed);
    byte[] pixels = new byte[images * side * side];
    for (int i = 0; i < pixels.length; i++) {
      int place = i % (side * side);
      int quarter = place / side / (side / 2) * 2 + place % side / (side / 2);
      boolean bright = quarter == i / (side * side) % 4;
      pixels[i] = (byte) (random.below(100, i) + (bright ? 150 : 0));
    }
    return pixels;
  }

  private static int[] classes(int count, int classes) {
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % classes;
    }
    return labels;
  }

  @Test
  void images_inAnArchive_areTrainedSplitAndEvaluatedAgain() throws IOException {
    archive(
        "own.npz",
        NpyArray.ofUnsigned(quarters(320, 8, 1), 320, 8, 8),
        NpyArray.of(classes(320, 4), 320));
    EvaluationResult result = train(recipe("cnn-small", "own.npz", ""), "run");
    assertThat(result.dataset()).isEqualTo("own.npz/test");
    assertThat(result.images()).isEqualTo(32);
    assertThat(result.results().getFirst().accuracy()).isGreaterThan(90);
    Recipe kept = RunFolder.open(folder.resolve("run")).recipe();
    assertThat(kept.preprocess()).isEqualTo("unit");
    assertThat(kept.data().set()).isEqualTo(folder.resolve("own.npz").toString());
    assertThat(kept.data().own().orElseThrow().sha256()).isPresent();

    ModelFile model = ModelFile.open(folder.resolve("run"));
    Examples test = model.ownPart(model.testSet().orElseThrow(), ROOTS).orElseThrow();
    NetworkInputs inputs =
        NetworkInputs.ofExamples(model.network(), test, Preprocessing.parse(kept.preprocess()));
    Evaluator evaluator = new Evaluator(model.network(), inputs, 1, EvaluationListener.SILENT);
    EvaluationResult again =
        RunEvaluation.of(model, inputs, evaluator, List.of(LayerRegisters.exact()));
    assertThat(again.results()).containsExactly(result.results().getFirst());
    assertThat(again.floatAccuracy()).isEqualTo(result.floatAccuracy());

    archive(
        "own.npz",
        NpyArray.ofUnsigned(quarters(320, 8, 2), 320, 8, 8),
        NpyArray.of(classes(320, 4), 320));
    assertThatThrownBy(() -> model.ownPart(model.testSet().orElseThrow(), ROOTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("own.npz has changed: its content has the SHA-256");
    assertThatThrownBy(() -> train(recipe("cnn-small", "own.npz", ""), "run"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the folder holds another run (data.sha256 is ");
  }

  @Test
  void rowsOfFeatures_asFloats_areTakenAsTheyAre() throws IOException {
    CounterRandom random = CounterRandom.of(7);
    float[] values = new float[300 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.below(1000, i) / 1000f - 0.5f + (i / 5 % 3 == i % 5 ? 2 : 0);
    }
    archive("rows.npz", NpyArray.of(values, 300, 5), NpyArray.of(classes(300, 3), 300));
    Recipe recipe = recipe("mlp1", "rows.npz", ", test: 60, validation: 30");
    EvaluationResult result = train(recipe, "rows");
    assertThat(result.images()).isEqualTo(60);
    assertThat(result.results().getFirst().accuracy()).isGreaterThan(90);
    assertThat(result.quantizedAgreement().orElseThrow()).isGreaterThanOrEqualTo(59);
    ModelFile model = ModelFile.open(folder.resolve("rows"));
    assertThat(model.network().metadata()).containsEntry("preprocess", "none");
    assertThatThrownBy(() -> train(recipe("resnet8", "rows.npz", ""), "other"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "model: resnet8 takes images; rows.npz/train holds rows of 5 features, which mlp1,"
                + " mlp2 and mlp4 take");
    assertThat(folder.resolve("other/recipe.yaml")).doesNotExist();
  }

  @Test
  void images_inFolders_giveSizeAndClassesToTheNetwork() throws IOException {
    byte[] pixels = quarters(80, 10, 3);
    for (int n = 0; n < 80; n++) {
      Path file = folder.resolve("set/class%d/%d.png".formatted(n % 4, n));
      Files.createDirectories(file.resolveSibling(""));
      BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_BYTE_GRAY);
      for (int i = 0; i < 100; i++) {
        image.getRaster().setSample(i % 10, i / 10, 0, pixels[n * 100 + i] & 0xFF);
      }
      assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }
    EvaluationResult result = train(recipe("resnet8", "set", ", resize: 12x12"), "folders");
    assertThat(result.dataset()).isEqualTo("set/test");
    assertThat(result.images()).isEqualTo(8);
    ModelFile model = ModelFile.open(folder.resolve("folders"));
    assertThat(model.network().input().height()).isEqualTo(12);
    assertThat(model.network().output().elements()).isEqualTo(4);
    Files.createDirectories(folder.resolve("set/empty"));
    assertThatThrownBy(() -> train(recipe("resnet8", "set", ", resize: 12x12"), "empty"))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("set/empty: expected PNG, JPEG or BMP files of this class");
    assertThat(folder.resolve("empty/recipe.yaml")).doesNotExist();
  }
}
