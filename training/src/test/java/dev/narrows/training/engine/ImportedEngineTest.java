package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.PackedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method of a recipe on a network that is in no zoo. */
class ImportedEngineTest {
  private static final Path MODEL =
      Path.of("src", "test", "resources", "imported", "hourglass.onnx");

  private static final String HEAD =
      """
      model: hourglass.onnx
      data: {set: fashion-small, validation: 0}
      preprocess: mean=0.5,std=0.25
      seed: 3
      threads: 1
      batch: 32
      prepare: {calibrate: 100}
      checkpoint: {everySteps: 3}
      """;

  private static final String REGISTER =
      HEAD
          + """
          quantization: {weights: 4, activations: 4}
          pruning: {keep: 4, group: 8, steps: 2}
          phases:
            prune: {epochs: 2, optimizer: adam, rate: 2e-3}
            quantize: {epochs: 1, rate: 0.01, distill: {temperature: 2, weight: 0.5}}
            register: {accumulator: 'int9:saturate:sorted', epochs: 1, rate: 0.01}
          """;

  private static final String FILTERS_WRAPPING =
      HEAD
          + """
          quantization: {weights: 4, activations: 4, scales: observed}
          pruning: {keep: 6, group: 8, steps: 1, structure: filters}
          phases:
            prune: {epochs: 1, optimizer: adam, rate: 2e-3}
            register: {accumulator: 'int8:wrap', epochs: 1, rate: 0.01}
          """;

  private static final String CONSTRAINED =
      HEAD
          + """
          quantization: {weights: 4, activations: 4, constraint: {method: METHOD, bits: 11}}
          phases:
            quantize: {epochs: 1, rate: 0.01}
          """;

  private static final String FLOATS =
      HEAD
          + """
          quantization: {weights: m4e3, activations: m4e3}
          phases:
            float: {epochs: 1, optimizer: adam, rate: 2e-3}
            register: {accumulator: 'm5e4(7)', gradient: immediate/of, epochs: 1, rate: 0.001}
          """;

  @TempDir private Path folder;

  private static TrainingJob job(String yaml, Path model, Path checkpoint) {
    return new TrainingJob(
        Recipe.parse("tiny.yaml", yaml),
        TinyJobs.images("tiny/train", 96, 1),
        TinyJobs.images("tiny/validation", 32, 2),
        TinyJobs.images("tiny/test", 32, 3),
        Optional.of(model),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        checkpoint,
        List.of());
  }

  /** Ends after some steps, as a user would. */
  private static TrainingListener stoppingAfter(int steps) {
    return new TrainingListener() {
      private int seen;

      @Override
      public void step(Progress progress) {
        seen++;
      }

      @Override
      public boolean cancelled() {
        return seen >= steps;
      }
    };
  }

  private TrainedNetwork run(String yaml) {
    return Engine.run(job(yaml, MODEL, folder), TrainingListener.SILENT);
  }

  @Test
  void run_prunedThroughARegister_isTheSameWhenInterrupted() throws IOException {
    TrainedNetwork whole = run(REGISTER);
    assertThat(
            whole.network().dotLayers().stream()
                .map(DotLayer::integers)
                .filter(operands -> operands.weights() instanceof PackedWeights))
        .hasSize(4);
    assertThat(whole.floatTestPredictions()).isPresent();
    TrainingJob again = job(REGISTER, MODEL, Files.createDirectory(folder.resolve("again")));
    assertThatThrownBy(() -> Engine.run(again, stoppingAfter(8)))
        .isInstanceOf(TrainingCancelledException.class);
    assertThat(Engine.run(again, TrainingListener.SILENT).network()).isEqualTo(whole.network());
  }

  @Test
  void run_filtersAndAWrappingRegister_givesANetworkOfIntegers() {
    TrainedNetwork trained = run(FILTERS_WRAPPING);
    assertThat(trained.network().dotLayers()).hasSize(6).noneMatch(DotLayer::isFloat);
    assertThat(trained.quantizedTestPredictions()).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a2q", "a2q+", "sign-sum"})
  void run_constrained_keepsEveryChannelWithinItsNorm(String method) {
    TrainedNetwork trained = run(CONSTRAINED.replace("METHOD", method));
    List<DotLayer> dots = trained.network().dotLayers();
    for (DotLayer dot : dots.subList(1, dots.size() - 1)) {
      int[] weights = dot.integers().weights().dense();
      long most = trained.network().first(dot).quantization().format().max();
      for (int c = 0; c < dot.integers().channels(); c++) {
        long positive = 0;
        long negative = 0;
        for (int k = c * dot.terms(); k < (c + 1) * dot.terms(); k++) {
          positive += Math.max(weights[k], 0) * most;
          negative -= Math.min(weights[k], 0) * most;
        }
        assertThat(Math.max(positive, negative)).as(dot.name()).isLessThan(1 << 10);
      }
    }
  }

  @Test
  void run_floatsInANarrowRegister_givesANetworkOfFloats() {
    TrainedNetwork trained = run(FLOATS);
    assertThat(trained.network().dotLayers()).hasSize(6).allMatch(DotLayer::isFloat);
  }

  @Test
  void run_imagesOfAnotherSize_namesFileAndSizes() {
    Path other = MODEL.resolveSibling("branches.onnx");
    assertThatThrownBy(() ->
            Engine.run(
                job(CONSTRAINED.replace("METHOD", "a2q"), other, folder), TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("branches.onnx: takes images of 3 x 16 x 16")
        .hasMessageContaining("1 x 12 x 12");
  }
}
