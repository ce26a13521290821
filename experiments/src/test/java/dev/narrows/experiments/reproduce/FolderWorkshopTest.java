package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWorkshopTest {
  private static final Recipe RECIPE =
      Recipe.parse(
          "r.yaml",
          """
          name: part
          model: cnn-small
          data: {set: fashion-small, validation: 1000}
          preprocess: raw
          threads: 1
          quantization: {weights: 4, activations: 4}
          phases: {float: {epochs: 1}}
          """);

  @TempDir private Path folder;

  /** Runs of two seeds hold back other images; one network may be evaluated on both. */
  @Test
  void evaluated_validationImagesOfTwoSeeds_areKeptUnderNamesOfTheirOwn() throws IOException {
    Path shared = folder.resolve("shared");
    EvaluationResult first = evaluated(shared, 1);
    EvaluationResult second = evaluated(shared, 2);
    assertThat(second.dataset()).isNotEqualTo(first.dataset());
    assertThat(second).isEqualTo(evaluated(folder.resolve("apart"), 2));
    try (Stream<Path> files = Files.list(shared.resolve("evaluations"))) {
      assertThat(files).hasSize(2);
    }
  }

  /** The same network on the images that the run of a seed held back. */
  private EvaluationResult evaluated(Path out, long seed) throws IOException {
    Workshop workshop =
        new FolderWorkshop(
            Scale.SMOKE,
            Optional.empty(),
            out,
            new DataRoots(List.of(), folder),
            new SmallTrainer(),
            2,
            List.of("reproduce", "trial"),
            TrainingListener.SILENT,
            EvaluationListener.SILENT);
    ModelFile run = workshop.trained(RECIPE.withSeed(seed));
    return workshop.evaluated(
        workshop.derived("same", SmallNetwork.of(7)),
        workshop.inputs(run, "fashion-small", Split.VALIDATION, OptionalInt.of(200)),
        List.of("exact"));
  }
}
