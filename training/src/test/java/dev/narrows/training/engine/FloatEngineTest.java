package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatOperands;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs whose numbers stay floating-point. */
class FloatEngineTest {
  private static final String NARROW = "m4e3(5)/m4e3(3)";
  private static final String TWO_STAGES =
      """
      name: floats
      model: cnn-small
      width: 8
      data: {set: fashion-small, validation: 0}
      preprocess: unit
      seed: 3
      threads: 1
      batch: 32
      quantization: float
      phases:
        float: {epochs: 2, optimizer: sgd, rate: 0.1}
        register: {accumulator: '%s', gradient: recursive/of, epochs: 1, rate: 0.02, withoutUnderflow: {epochs: 1, rate: 0.02}}
      """
          .formatted(NARROW);

  @TempDir Path temporary;

  @Test
  void run_twoStages_trainsWithoutUnderflowFirstAndLowersToTheSamePredictions() {
    TrainedNetwork trained = run(TWO_STAGES, "two");
    assertThat(trained.metrics().stream().map(m -> m.phase() + m.epoch()))
        .containsExactly("float1", "float2", "register1", "register1");
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
    assertThat(trained.network().dotLayers())
        .allSatisfy(layer -> assertThat(floats(layer).pinned()).isEmpty());
    assertThat(predictions(trained, LayerRegisters.of(Summation.parse(NARROW))))
        .isEqualTo(trained.quantizedTestPredictions());
  }

  @Test
  void run_registerOfMatrixHardware_trainsAndLowersToTheSamePredictions() {
    String hardware = "fused(16,5):e8m13:scaled(e4m3):promote(32)";
    TrainedNetwork trained =
        run(
            TWO_STAGES.replaceAll(
                "(?m)^  register.*\\n",
                "  register: {accumulator: '%s', epochs: 1, rate: 0.02}\n".formatted(hardware)),
            "hardware");
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
    assertThat(predictions(trained, LayerRegisters.of(Summation.parse(hardware))))
        .isEqualTo(trained.quantizedTestPredictions())
        .isNotEqualTo(predictions(trained, LayerRegisters.exact()));
  }

  @Test
  void run_storedFloats_lowersWeightsAndActivationsInTheirFormats() {
    TrainedNetwork trained =
        run(
            TWO_STAGES.replace(
                "quantization: float",
                "quantization: {weights: m4e3, activations: m4e3, exclude: [last]}"),
            "stored");
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
    DotLayer first = trained.network().dotLayers().getFirst();
    assertThat(floats(first).weights().stored().orElseThrow().bits()).isEqualTo(8);
    assertThat(trained.network().tensor(first.input()).stored().orElseThrow().bits()).isEqualTo(8);
    DotLayer last = trained.network().dotLayers().getLast();
    assertThat(floats(last).weights().stored()).isEmpty();
    assertThat(floats(last).pinned()).hasValue(Summation.exact());
    assertThat(predictions(trained, LayerRegisters.of(Summation.parse(NARROW))))
        .isEqualTo(trained.quantizedTestPredictions());
  }

  @Test
  void run_floatPhaseOnly_lowersTheFloatNetwork() {
    String plain = TWO_STAGES.replaceAll("(?m)^  register.*\\n", "");
    TrainedNetwork trained = run(plain, "plain");
    assertThat(predictions(trained, LayerRegisters.exact()))
        .isEqualTo(trained.floatTestPredictions().orElseThrow());
  }

  @Test
  void run_cancelledInTheFirstStage_goesOnToTheSameResult() throws Exception {
    TrainedNetwork expected = run(TWO_STAGES, "whole");
    Path cut = Files.createDirectory(temporary.resolve("cut"));
    int[] steps = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++steps[0] == 19; // 8 steps an epoch
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(TWO_STAGES, cut), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    TrainedNetwork resumed = Engine.run(TinyJobs.job(TWO_STAGES, cut), TrainingListener.SILENT);
    assertThat(resumed.network()).isEqualTo(expected.network());
  }

  private TrainedNetwork run(String recipe, String name) {
    Path folder = temporary.resolve(name);
    assertThat(folder.toFile().mkdir()).isTrue();
    return Engine.run(TinyJobs.job(recipe, folder), TrainingListener.SILENT);
  }

  private int[] predictions(TrainedNetwork trained, LayerRegisters registers) {
    TrainingJob job = TinyJobs.job(TWO_STAGES, temporary);
    int[] words = Words.of(Preprocessing.parse("unit").apply(TinyJobs.images(job.test())));
    try (Executor executor = Executor.of(trained.network(), registers, 1)) {
      return executor.run(words, job.test().size()).predictions();
    }
  }

  private static FloatOperands floats(DotLayer layer) {
    return (FloatOperands) layer.operands();
  }
}
