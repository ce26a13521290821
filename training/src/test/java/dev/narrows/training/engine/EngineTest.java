package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.PackedWeights;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  private static final String PQS =
      """
      name: pqs
      model: cnn-small
      width: 8
      data: {set: fashion-small, validation: 0}
      preprocess: unit
      seed: 3
      threads: 1
      batch: 32
      augment: {pad: 1, flip: false}
      quantization: {weights: 4, activations: 4, scales: learned, observer: mse, firstLast: 8, exclude: [first, last]}
      pruning: {keep: 3, group: 8, steps: 5}
      phases:
        float: {epochs: 4, optimizer: sgd, rate: 0.1, schedule: cosine, momentum: 0.9, weightDecay: 1e-4}
        prune: {epochs: 2, optimizer: sgd, rate: 0.05, schedule: cosine, momentum: 0.9, weightDecay: 1e-4}
        quantize: {epochs: 2, optimizer: sgd, rate: 0.05, schedule: cosine, momentum: 0.9, weightDecay: 1e-4}
      """;

  private static final String REGISTER_ONLY =
      PQS.substring(0, PQS.indexOf("phases:"))
          + """
          from: elsewhere
          phases:
            register: {accumulator: 'int9:saturate:sorted', steps: [11, 9], epochs: 1, optimizer: sgd, rate: 0.02, schedule: cosine, momentum: 0.9, weightDecay: 0}
          """;

  /** The run of PQS that several tests begin from; they leave it as it is. */
  @TempDir private static Path pqs;

  private static final List<List<EpochMetrics>> TOLD = new ArrayList<>();
  private static Optional<TrainedNetwork> ofPqs = Optional.empty();

  @TempDir Path temporary;

  @BeforeAll
  static void runPqs() {
    ofPqs =
        Optional.of(
            Trainer.find()
                .orElseThrow()
                .train(
                    TinyJobs.job(PQS, pqs),
                    new TrainingListener() {
                      @Override
                      public void epoch(List<EpochMetrics> soFar) {
                        TOLD.add(soFar);
                      }
                    }));
  }

  @Test
  void run_wholeRecipe_learnsPrunesAndLowers() {
    TrainedNetwork trained = ofPqs.orElseThrow();
    assertThat(trained.validationAccuracy()).isGreaterThan(90);
    assertThat(trained.floatTestPredictions()).isPresent();
    assertThat(trained.metrics().stream().map(m -> m.phase() + m.epoch()))
        .containsExactly(
            "float1", "float2", "float3", "float4", "prune1", "prune2", "quantize1", "quantize2");
    assertThat(TOLD).hasSize(8);
    assertThat(trained.metrics().get(4).kept()).isBetween(3, 7);
    assertThat(trained.metrics().get(5).kept()).isEqualTo(3);
    List<DotLayer> dots = trained.network().dotLayers();
    assertThat(dots.get(1).integers().weights()).isInstanceOf(PackedWeights.class);
    assertThat(((PackedWeights) dots.get(1).integers().weights()).keep()).isEqualTo(3);
    assertThat(trained.network().metadata())
        .containsEntry("preprocess", "unit")
        .containsEntry("classes", "4");
  }

  @Test
  void run_filtersPruned_leavesWholeChannelsAndStoresThemDense() {
    TrainedNetwork trained =
        Engine.run(
            TinyJobs.job(PQS.replace("steps: 5}", "steps: 5, structure: filters}"), temporary),
            TrainingListener.SILENT);
    DotLayer layer = trained.network().dotLayers().get(1);
    assertThat(layer.integers().weights()).isInstanceOf(DenseWeights.class);
    int channels = layer.integers().weights().channels();
    int terms = layer.terms();
    int[] weights = layer.integers().weights().dense();
    int dropped = 0;
    for (int c = 0; c < channels; c++) {
      int from = c * terms;
      dropped += IntStream.range(from, from + terms).allMatch(i -> weights[i] == 0) ? 1 : 0;
    }
    assertThat(dropped).as("3 of 8 filters stay").isEqualTo(channels * 5 / 8);
    assertThat(trained.validationAccuracy()).isGreaterThan(50);
  }

  @Test
  void run_finishedRunAgain_onlyLowers() {
    TrainedNetwork again =
        Engine.run(
            TinyJobs.job(PQS, pqs),
            new TrainingListener() {
              @Override
              public void step(Progress progress) {
                throw new AssertionError("nothing is left to train");
              }
            });
    assertThat(again).isEqualTo(ofPqs.orElseThrow());
  }

  @Test
  void run_continuingAnother_keepsItsMasksAndScales() throws Exception {
    TrainedNetwork tuned =
        Engine.run(
            TinyJobs.job(REGISTER_ONLY, temporary, Optional.of(pqs)), TrainingListener.SILENT);
    assertThat(tuned.floatTestPredictions()).isEmpty();
    assertThat(tuned.metrics().stream().map(EpochMetrics::bits)).containsExactly(11, 9);
    assertThat(tuned.validationAccuracy()).isGreaterThan(80);
    assertThat(tuned.network().dotLayers().get(1).integers().weights())
        .isInstanceOf(PackedWeights.class);
  }

  @Test
  void run_cancelled_savesAndGoesOnToTheSameResult() {
    int[] steps = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++steps[0] == 13;
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(PQS, temporary), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    TrainedNetwork resumed = Engine.run(TinyJobs.job(PQS, temporary), TrainingListener.SILENT);
    assertThat(resumed.network()).isEqualTo(ofPqs.orElseThrow().network());
  }

  @Test
  void run_checkpointOfAnotherRecipe_isRefused() {
    TrainingJob job = TinyJobs.job(PQS.replace("epochs: 4", "epochs: 1"), pqs);
    assertThatThrownBy(() -> Engine.run(job, TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("state.safetensors")
        .hasMessageContaining("another recipe");
  }

  @Test
  void run_truncatedCheckpoint_isRefusedByName() throws Exception {
    Path file = temporary.resolve("state.safetensors");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(PQS, temporary), TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("state.safetensors");
  }

  @Test
  void run_fromAFolderWithoutCheckpoint_namesIt() {
    assertThatThrownBy(() ->
            Engine.run(
                TinyJobs.job(REGISTER_ONLY, temporary, Optional.of(temporary.resolve("nowhere"))),
                TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void run_imagesAndRecipeThatDoNotFit_isBadInput() {
    for (String wrong :
        List.of(
            PQS.replaceFirst("preprocess: .*", "preprocess: 'mean=0.1,0.2,0.3,std=1'"),
            PQS.replaceFirst("model: .*", "model: char-encoder"))) {
      assertThatThrownBy(() -> Engine.run(TinyJobs.job(wrong, temporary), TrainingListener.SILENT))
          .as(wrong)
          .isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void run_lossThatIsNotFinite_saysWhere() throws Exception {
    Path weights = temporary.resolve("huge.safetensors");
    TinyJobs.writeWeights(
        ModelZoo.create("cnn-small", 8, new FeatureMapShape(1, 12, 12), 4), 3e38f, weights);
    TrainingJob job = TinyJobs.withInit(TinyJobs.job(PQS, temporary), weights);
    assertThatThrownBy(() -> Engine.run(job, TrainingListener.SILENT))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("phase float, epoch 1, step 1: the loss is NaN")
        .hasMessageContaining("smaller rate");
  }

  @Test
  void run_quantiseThenPrune_prunesTheQuantisedNetwork() {
    String qThenP = PQS.replace("phases:", "order: quantize-then-prune\nphases:");
    TrainedNetwork trained = Engine.run(TinyJobs.job(qThenP, temporary), TrainingListener.SILENT);
    assertThat(trained.metrics().stream().map(m -> m.phase() + m.epoch()))
        .endsWith("quantize1", "quantize2", "prune1", "prune2");
    assertThat(trained.network().dotLayers().get(1).integers().weights())
        .isInstanceOf(PackedWeights.class);
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
  }

  @Test
  void run_observedScales_lowersToTheSamePredictions() {
    for (String observer : new String[] {"min-max", "percentile"}) {
      String observed =
          PQS.replace("scales: learned, observer: mse", "scales: observed, observer: " + observer)
              .replace("name: pqs", "name: " + observer);
      Path folder = temporary.resolve(observer);
      assertThat(folder.toFile().mkdir()).isTrue();
      TrainingJob job = TinyJobs.job(observed, folder);
      TrainedNetwork trained = Engine.run(job, TrainingListener.SILENT);
      assertThat(trained.validationAccuracy()).as(observer).isGreaterThan(80);
      int[] codes =
          InputQuantizer.of(trained.network())
              .codes(Preprocessing.parse("unit").apply(TinyJobs.images(job.test())));
      try (Executor executor = Executor.of(trained.network(), LayerRegisters.exact(), 1)) {
        assertThat(executor.run(codes, job.test().size()).predictions())
            .isEqualTo(trained.quantizedTestPredictions());
      }
    }
  }

  @Test
  void run_withATeacher_resumesInTheSameBitsAndWeightZeroIsNoTeacher() throws Exception {
    Path weights = temporary.resolve("start.safetensors");
    TinyJobs.writeStartWeights(
        ModelZoo.create("cnn-small", 8, new FeatureMapShape(1, 12, 12), 4), 5, weights);
    String yaml =
        PQS.replaceAll("(?m)^  (float|prune):.*\\n", "")
            .replaceAll("(?m)^pruning:.*\\n", "")
            .replace("phases:", "init: start.safetensors\nphases:");
    String taught = yaml.replace("1e-4}", "1e-4, distill: {temperature: 4, weight: 0.9}}");
    assertThat(taught).isNotEqualTo(yaml);
    TrainedNetwork expected = trained(taught, weights, "whole", Integer.MAX_VALUE);
    assertThatThrownBy(() -> trained(taught, weights, "cut", 11))
        .isInstanceOf(TrainingCancelledException.class);
    assertThat(trained(taught, weights, "cut", Integer.MAX_VALUE).network())
        .isEqualTo(expected.network());
    TrainedNetwork alone = trained(yaml, weights, "alone", Integer.MAX_VALUE);
    assertThat(alone.network()).isNotEqualTo(expected.network());
    String unheard = taught.replace("weight: 0.9", "weight: 0");
    assertThat(trained(unheard, weights, "unheard", Integer.MAX_VALUE).network())
        .isEqualTo(alone.network());
  }

  private TrainedNetwork trained(String yaml, Path weights, String folder, int steps)
      throws IOException {
    int[] taken = {0};
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++taken[0] == steps;
          }
        };
    Path run = Files.createDirectories(temporary.resolve(folder));
    return Engine.run(TinyJobs.withInit(TinyJobs.job(yaml, run), weights), listener);
  }

  @Test
  void run_floatPhaseInBf16_learnsAndResumesInTheSameBits() throws Exception {
    String yaml = FLOAT_ONLY.replace("1e-4}", "1e-4, precision: bf16}");
    Path whole = Files.createDirectory(temporary.resolve("bf16"));
    TrainedNetwork expected = Engine.run(TinyJobs.job(yaml, whole), TrainingListener.SILENT);
    assertThat(expected.validationAccuracy()).isGreaterThan(90);
    Path exact = Files.createDirectory(temporary.resolve("float32"));
    assertThat(Engine.run(TinyJobs.job(FLOAT_ONLY, exact), TrainingListener.SILENT).network())
        .isNotEqualTo(expected.network());
    Path cut = Files.createDirectory(temporary.resolve("bf16-cut"));
    int[] taken = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++taken[0] == 13;
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(yaml, cut), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    assertThat(Engine.run(TinyJobs.job(yaml, cut), TrainingListener.SILENT).network())
        .isEqualTo(expected.network());
  }

  @Test
  void run_floatPhaseWithFusedBatchNorm_learnsAndResumesInTheSameBits() throws Exception {
    String yaml = FLOAT_ONLY.replace("1e-4}", "1e-4, batchNorm: fused}");
    Path whole = Files.createDirectory(temporary.resolve("fused"));
    TrainedNetwork expected = Engine.run(TinyJobs.job(yaml, whole), TrainingListener.SILENT);
    assertThat(expected.validationAccuracy()).isGreaterThan(90);
    Path cut = Files.createDirectory(temporary.resolve("fused-cut"));
    int[] taken = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++taken[0] == 13;
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(yaml, cut), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    assertThat(Engine.run(TinyJobs.job(yaml, cut), TrainingListener.SILENT).network())
        .isEqualTo(expected.network());
  }

  private static final String FLOAT_ONLY =
      PQS.replaceAll("(?m)^  (prune|quantize):.*\\n", "").replaceAll("(?m)^pruning:.*\\n", "");

  private static String withoutPhases(String prepare) {
    return FLOAT_ONLY.substring(0, FLOAT_ONLY.indexOf("phases:"))
        + "from: elsewhere\nprepare: "
        + prepare
        + "\nphases: {}\n";
  }

  @Test
  void run_withoutPhases_quantisesTheFloatNetworkOfAnotherRun() throws IOException {
    Path floats = Files.createDirectory(temporary.resolve("floats"));
    TrainedNetwork trained = Engine.run(TinyJobs.job(FLOAT_ONLY, floats), TrainingListener.SILENT);
    Path plain = Files.createDirectory(temporary.resolve("plain"));
    String same = "{equalize: false, correctBias: false}";
    TrainedNetwork again =
        Engine.run(
            TinyJobs.job(withoutPhases(same), plain, Optional.of(floats)), TrainingListener.SILENT);
    assertThat(again.network()).isEqualTo(trained.network());
    Path folder = Files.createDirectory(temporary.resolve("prepared"));
    String both = "{equalize: true, correctBias: true, calibrate: 128}";
    TrainingJob job = TinyJobs.job(withoutPhases(both), folder, Optional.of(floats));
    TrainedNetwork prepared = Engine.run(job, TrainingListener.SILENT);
    assertThat(prepared.network()).isNotEqualTo(trained.network());
    assertThat(prepared.validationAccuracy()).isGreaterThan(80);
    assertThat(prepared.metrics()).isEmpty();
    assertThat(Engine.run(job, TrainingListener.SILENT)).isEqualTo(prepared); // resumed at its end
  }
}
