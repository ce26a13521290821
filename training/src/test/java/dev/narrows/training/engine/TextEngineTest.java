package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of the character encoder. */
@Tag("slow")
class TextEngineTest {
  private static final String NARROW = "m5e4(10)/m5e4(8)";
  private static final String RECIPE =
      """
      name: text
      model: char-encoder
      width: 16
      data: {set: shakespeare-small, validation: 0}
      seed: 3
      threads: 1
      batch: 16
      quantization: float
      phases:
        float: {epochs: 16, optimizer: adam, rate: 0.01, schedule: cosine(0.1), weightDecay: 0}
        register: {accumulator: '%s', epochs: 1, optimizer: adam, rate: 1e-3, weightDecay: 0}
      """
          .formatted(NARROW);

  @TempDir Path temporary;

  @Test
  void run_register_findsMaskedCharactersAndLowersToItsPredictions() {
    TrainedNetwork trained = run(RECIPE, "whole");
    // two of twelve characters masked, of six words; guessing by frequency finds a sixth
    assertThat(trained.validationAccuracy()).isGreaterThan(70);
    // libtorch's layer norm and softmax round where ours do not: a register may turn an answer
    int[] lowered = predictions(trained, LayerRegisters.of(Summation.parse(NARROW)));
    assertThat(Evaluator.differing(lowered, trained.quantizedTestPredictions()))
        .isLessThanOrEqualTo(lowered.length / 20);
    assertThat(trained.metrics().getLast().loss()).isLessThan(1);
    assertThat(trained.network().metadata()).doesNotContainKey("preprocess");
    assertThat(trained.network().metadata().get("characters")).startsWith(" abc");
  }

  @Test
  void run_floatPhaseOnly_lowersTheFloatNetwork() {
    String plain = RECIPE.replaceAll("(?m)^  register.*\\n", "").replace("epochs: 16", "epochs: 1");
    TrainedNetwork trained = run(plain, "plain");
    int[] lowered = predictions(trained, LayerRegisters.exact());
    assertThat(Evaluator.differing(lowered, trained.floatTestPredictions().orElseThrow()))
        .isLessThanOrEqualTo(lowered.length / 20);
  }

  @Test
  void run_cancelled_goesOnToTheSameResult() throws Exception {
    String brief = RECIPE.replace("epochs: 16", "epochs: 1");
    TrainedNetwork expected = run(brief, "brief");
    Path cut = Files.createDirectory(temporary.resolve("cut"));
    int[] steps = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++steps[0] == 41; // 35 steps an epoch
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.text(brief, cut), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    TrainedNetwork resumed = Engine.run(TinyJobs.text(brief, cut), TrainingListener.SILENT);
    assertThat(resumed.network()).isEqualTo(expected.network());
  }

  @Test
  void run_whatTextCannotHave_isRefused() {
    assertThatThrownBy(() ->
            run(
                RECIPE
                    .replace("quantization: float", "quantization: {weights: 4, activations: 4}")
                    .replaceAll("(?m)^  register.*\\n", ""),
                "integers"))
        .hasMessageContaining("char-encoder has nodes that integers do not pass (embedding, …)");
    assertThatThrownBy(
            () -> run(RECIPE.replace("epochs: 1,", "gradient: recursive/of, epochs: 1,"), "masks"))
        .hasMessageContaining("block0.attention.scores\" has no masks");
    assertThatThrownBy(() -> run(RECIPE.replace("char-encoder", "mlp2"), "images"))
        .hasMessageContaining("is a text, but mlp2 takes images");
    assertThatThrownBy(() -> run(RECIPE.replace("width: 16", "width: 18"), "heads"))
        .hasMessageContaining("a width that 4 heads divide, got 18");
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(RECIPE, temporary), TrainingListener.SILENT))
        .hasMessageContaining("is a set of images, but char-encoder takes text");
  }

  private TrainedNetwork run(String recipe, String name) {
    Path folder = temporary.resolve(name);
    assertThat(folder.toFile().mkdir()).isTrue();
    return Engine.run(TinyJobs.text(recipe, folder), TrainingListener.SILENT);
  }

  private int[] predictions(TrainedNetwork trained, LayerRegisters registers) {
    TrainingJob job = TinyJobs.text(RECIPE, temporary);
    TextSet set = (TextSet) job.test();
    int[] ids =
        IntStream.range(0, set.size()).flatMap(i -> Arrays.stream(set.window(i).ids())).toArray();
    try (Executor executor = Executor.of(trained.network(), registers, 1)) {
      return executor.run(ids, set.size()).predictions(set.places());
    }
  }
}
