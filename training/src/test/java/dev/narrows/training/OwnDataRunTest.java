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
import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.run.TrainingRun;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.ResultJson;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
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
        NetworkInputs.ofExamples(
            model.network(), test, Preprocessing.parse(kept.preprocess()), Optional.empty());
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

  /** Rows of three numbers, and what a linear function makes of them. */
  private static float[] linear(float[] rows, int outputs) {
    float[] values = new float[rows.length / 3 * outputs];
    for (int i = 0; i < values.length; i++) {
      int row = i / outputs * 3;
      values[i] = 0.5f * rows[row] - 0.25f * rows[row + 1] + 0.1f * (i % outputs) * rows[row + 2];
    }
    return values;
  }

  private static float[] rows(int count) {
    CounterRandom random = CounterRandom.of(11);
    float[] rows = new float[3 * count];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.below(2000, i) / 1000f - 1;
    }
    return rows;
  }

  @Test
  void numbers_areTrainedByTheirLossAndMeasuredByIt() throws IOException {
    float[] rows = rows(400);
    archive("n.npz", NpyArray.of(rows, 400, 3), NpyArray.of(linear(rows, 2), 400, 2));
    for (String loss : List.of("squared", "absolute")) {
      Recipe recipe = recipe("mlp1", "n.npz", ", loss: " + loss);
      EvaluationResult result = train(recipe, loss);
      assertThat(result.measure())
          .hasValue(
              loss.equals("squared")
                  ? QualityMeasure.SQUARED_ERROR
                  : QualityMeasure.ABSOLUTE_ERROR);
      // quantised to 8 bits a linear function of numbers up to 1 is met to a hundredth
      double limit = loss.equals("squared") ? 1e-3 : 2e-2;
      assertThat(result.floatAccuracy().orElseThrow()).isBetween(0.0, limit);
      assertThat(result.results().getFirst().accuracy()).isBetween(0.0, limit);
      assertThat(result.quantizedAgreement()).hasValue(result.images());
      assertThat(ResultJson.readEvaluation("r", ResultJson.write(result))).isEqualTo(result);
      assertThat(result.tables().getFirst().title()).startsWith("mean ");
    }
  }

  @Test
  void labels_haveBinaryCrossEntropyAndF1() throws IOException {
    float[] rows = rows(400);
    byte[] labels = new byte[rows.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (rows[i] > 0.1 ? 1 : 0);
    }
    archive("l.npz", NpyArray.of(rows, 400, 3), NpyArray.ofUnsigned(labels, 400, 3));
    EvaluationResult result = train(recipe("mlp1", "l.npz", ""), "labels");
    assertThat(result.measure()).hasValue(QualityMeasure.F1);
    assertThat(result.results().getFirst().accuracy()).isBetween(85.0, 100.0);
    assertThatThrownBy(() -> train(recipe("mlp1", "l.npz", ", loss: squared"), "other"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("data.loss: is for targets that are numbers or images; these are labels");
    assertThat(folder.resolve("other/recipe.yaml")).doesNotExist();
  }

  @Test
  void imagesAsTargets_resumeToTheSameBits() throws IOException {
    byte[] pixels = quarters(160, 4, 5);
    archive(
        "i.npz", NpyArray.ofUnsigned(pixels, 160, 4, 4), NpyArray.ofUnsigned(pixels, 160, 4, 4));
    Recipe recipe = recipe("mlp1", "i.npz", "").withAugment(new Augment(1, true));
    EvaluationResult result = train(recipe, "whole");
    assertThat(result.measure()).hasValue(QualityMeasure.PSNR);
    assertThat(result.results().getFirst().accuracy()).isGreaterThan(10);
    assertThatThrownBy(() ->
            new RecipeRun(
                    new TrainingRun(recipe, folder, ROOTS),
                    new LibtorchTrainer(),
                    folder.resolve("cut"),
                    List.of("train"))
                .finish(1, new StopsAt(12), EvaluationListener.SILENT))
        .isInstanceOf(TrainingCancelledException.class);
    EvaluationResult resumed = train(recipe, "cut");
    assertThat(resumed.network().sha256()).isEqualTo(result.network().sha256());
    assertThat(resumed.floatAccuracy()).isEqualTo(result.floatAccuracy());
  }

  /** Cancels a training after some steps. */
  private static final class StopsAt implements TrainingListener {
    private int left;

    StopsAt(int steps) {
      left = steps;
    }

    @Override
    public boolean cancelled() {
      return --left < 0;
    }
  }
}
