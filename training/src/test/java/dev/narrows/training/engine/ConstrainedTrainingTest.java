package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.InputQuantizer;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.PackedWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs under a norm limit: they learn, and what they end in is safe. */
class ConstrainedTrainingTest {
  private static final String A2Q_PLUS =
      """
      name: constrained
      model: cnn-small
      width: 8
      data: {set: fashion-small, validation: 0}
      preprocess: unit
      seed: 3
      threads: 1
      batch: 32
      augment: {pad: 1, flip: false}
      quantization:
        weights: 4
        activations: 4
        constraint: {method: a2q+, bits: 11, init: ep}
      phases:
        float: {epochs: 3, optimizer: sgd, rate: 0.1, weightDecay: 1e-4}
        quantize: {epochs: 3, optimizer: sgd, rate: 0.05, weightDecay: 1e-4}
      """;

  /** The run of A2Q_PLUS that several tests begin from; they leave it as it is. */
  @TempDir private static Path limited;

  private static Optional<TrainedNetwork> ofLimited = Optional.empty();

  @TempDir Path temporary;

  @BeforeAll
  static void runUnderTheLimit() {
    ofLimited = Optional.of(Engine.run(TinyJobs.job(A2Q_PLUS, limited), TrainingListener.SILENT));
  }

  @ParameterizedTest(name = "{0} at {1} bits, {2}, {3}")
  @CsvSource({
    "a2q+, 11, ep, cnn-small",
    "a2q+, 11, plain, resnet8",
    "a2q+, 11, ep-centred, cnn-small",
    "a2q, 12, ep, cnn-small",
    "sign-sum, 9, ep, cnn-small",
    "a2q+, 11, ep, upconv-small"
  })
  void run_underALimit_learnsAndIsSafe(String method, int bits, String init, String model) {
    String yaml =
        A2Q_PLUS
            .replace("model: cnn-small", "model: " + model)
            .replace(
                "method: a2q+, bits: 11, init: ep",
                "method: %s, bits: %d, init: %s".formatted(method, bits, init));
    TrainingJob job = TinyJobs.job(yaml, temporary);
    TrainedNetwork trained = Engine.run(job, TrainingListener.SILENT);
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
    assertSafe(trained.network(), bits);
    int[] codes =
        InputQuantizer.of(trained.network())
            .codes(Preprocessing.parse("unit").apply(TinyJobs.images(job.test())));
    // safe: the narrow register in its worst order is the exact one
    LayerRegisters narrow =
        LayerRegisters.of(Summation.parse("int%d:saturate:reversed".formatted(bits)));
    for (LayerRegisters registers : List.of(LayerRegisters.exact(), narrow)) {
      try (Executor executor = Executor.of(trained.network(), registers, 1)) {
        assertThat(executor.run(codes, job.test().size()).predictions())
            .isEqualTo(trained.quantizedTestPredictions());
      }
    }
  }

  private static void assertSafe(Network network, int bits) {
    Certificate certificate = CertifyNetwork.of(network, bits, Summation.exact());
    assertThat(certificate.layers()).isNotEmpty();
    assertThat(certificate.breaches()).isEmpty();
    int widest = certificate.layers().stream().mapToInt(LayerCertificate::bits).max().orElseThrow();
    assertThat(widest).as("a limit that matters").isGreaterThan(bits - 2);
  }

  @Test
  void run_witnessOfEveryChannel_fitsItsSafeWidthAndNoLess() {
    Network network = ofLimited.orElseThrow().network();
    Certificate certificate = CertifyNetwork.of(network, 11, Summation.exact());
    int checked = 0;
    for (LayerCertificate layer : certificate.layers()) {
      DotLayer dot = (DotLayer) network.layer(layer.name());
      DotWeights weights = dot.integers().weights();
      IntegerFormat inputs = network.tensor(dot.input()).quantization().format();
      for (int c = 0; c < weights.channels(); c++) {
        ChannelCertificate channel = layer.channels().get(c);
        if (channel.witness().isEmpty()) {
          continue;
        }
        OverflowProfile profile = alone(weights, c, inputs, channel.witness().get());
        String where = "%s, channel %d".formatted(layer.name(), c);
        assertThat(profile.count(OverflowClass.CLEAN, channel.bits())).as(where).isEqualTo(1);
        assertThat(profile.count(OverflowClass.CLEAN, channel.bits() - 1)).as(where).isZero();
        assertThat(channel.bits()).as(where).isLessThanOrEqualTo(11);
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(30);
  }

  /** One dot product in the executor, its terms in the witness's order. */
  private static OverflowProfile alone(
      DotWeights weights, int channel, IntegerFormat inputs, Witness witness) {
    int terms = weights.terms();
    int[] row = new int[terms];
    int[] codes = new int[terms];
    for (int i = 0; i < terms; i++) {
      int k = witness.order()[i];
      row[i] = weights.dense()[channel * terms + k];
      codes[i] = Math.toIntExact(witness.input()[k]);
    }
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, terms, weights.bits(), new double[] {1}, row),
            new int[1],
            new FixedPointMultiplier(
                new int[] {1 << 30}, new int[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    TensorType in = new TensorType(terms, 1, 1, new Quantization(inputs, 1, 0));
    TensorType out = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(32), 1, 0));
    Network network =
        new Network("alone", in, List.of(new Dense("dot", 0, out, operands)), Map.of());
    RunOptions options =
        RunOptions.none()
            .withProfiles(new RunOptions.Profiling(new SummationOrder.Sequential(), false));
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      return executor.run(codes, 1, options).profiles().getFirst().total();
    }
  }

  @Test
  void run_prunedAndCentred_keepsPrunedWeightsAtZero() {
    String yaml =
        A2Q_PLUS
            .replace("phases:", "pruning: {keep: 3, group: 8, steps: 2}\nphases:")
            .replace(
                "  quantize:", "  prune: {epochs: 1, optimizer: sgd, rate: 0.05}\n  quantize:");
    TrainedNetwork trained = Engine.run(TinyJobs.job(yaml, temporary), TrainingListener.SILENT);
    List<DotLayer> dots = trained.network().dotLayers();
    assertThat(((PackedWeights) dots.get(1).integers().weights()).keep()).isEqualTo(3);
    assertSafe(trained.network(), 11);
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
  }

  @Test
  void run_cancelled_goesOnToTheSameBits() throws Exception {
    int[] steps = {0};
    TrainingListener impatient =
        new TrainingListener() {
          @Override
          public boolean cancelled() {
            return ++steps[0] == 35; // in the second epoch under the limit
          }
        };
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(A2Q_PLUS, temporary), impatient))
        .isInstanceOf(TrainingCancelledException.class);
    TrainedNetwork resumed = Engine.run(TinyJobs.job(A2Q_PLUS, temporary), TrainingListener.SILENT);
    assertThat(resumed.network()).isEqualTo(ofLimited.orElseThrow().network());
    assertThat(Files.readAllBytes(temporary.resolve("state.safetensors")))
        .hasSameSizeAs(Files.readAllBytes(limited.resolve("state.safetensors")));
  }

  @Test
  void run_fromAWiderRegister_startsWhereThatRunEnded() throws Exception {
    String next =
        A2Q_PLUS
            .replace("bits: 11", "bits: 10")
            .replaceAll("(?m)^  float:.*\\n", "")
            .replace("phases:", "from: elsewhere\nphases:")
            .replace("epochs: 3", "epochs: 1");
    TrainedNetwork trained =
        Engine.run(TinyJobs.job(next, temporary, Optional.of(limited)), TrainingListener.SILENT);
    assertSafe(trained.network(), 10);
    assertThat(trained.metrics().getFirst().trainAccuracy()).isGreaterThan(70);
  }

  @Test
  void run_fromALimitToNone_startsFromTheWeightsThatTheIntegersStoodFor() throws Exception {
    TrainedNetwork before = ofLimited.orElseThrow();
    String next =
        A2Q_PLUS
            .replaceAll("(?m)^  constraint:.*\\n", "")
            .replaceAll("(?m)^  float:.*\\n", "")
            .replace("weights: 4\n  activations: 4", "weights: 8\n  activations: 8")
            .replace("phases:", "from: elsewhere\nphases:")
            .replace("epochs: 3, optimizer: sgd, rate: 0.05", "epochs: 1, rate: 1e-9");
    TrainedNetwork trained =
        Engine.run(TinyJobs.job(next, temporary, Optional.of(limited)), TrainingListener.SILENT);
    // the real weights are within one step of the integers: nearly the same network
    assertThat(trained.validationAccuracy()).isGreaterThan(before.validationAccuracy() - 25);
  }

  @Test
  void run_registerTooNarrowForAnyWeight_warnsByNameAndLeavesZeros() {
    List<String> notes = new ArrayList<>();
    String yaml = A2Q_PLUS.replace("bits: 11", "bits: 4").replace("epochs: 3", "epochs: 1");
    TrainedNetwork trained =
        Engine.run(
            TinyJobs.job(yaml, temporary),
            new TrainingListener() {
              @Override
              public void note(String line) {
                notes.add(line);
              }
            });
    assertThat(notes)
        .contains(
            "warning: layer \"conv2\": 4 bits leave no weight other than 0 (a2q+, uint4 inputs);"
                + " all of its 16 channels become zero");
    assertThat(trained.network().dotLayers().get(1).integers().weights().dense()).containsOnly(0);
  }

  @Test
  void run_oneWeightAChannel_isRefusedByName() {
    String yaml = A2Q_PLUS.replace("model: cnn-small\nwidth: 8", "model: dscnn\nwidth: 1");
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(yaml, temporary), TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("quantization.constraint: layer \"block1.pointwise\"")
        .hasMessageContaining("K = 1");
  }

  @Test
  void run_nothingToConstrain_isRefused() {
    String yaml = A2Q_PLUS.replace("model: cnn-small\nwidth: 8", "model: mlp1");
    assertThatThrownBy(() -> Engine.run(TinyJobs.job(yaml, temporary), TrainingListener.SILENT))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("quantization.constraint: mlp1 has no layer to constrain");
  }

  @Test
  void run_depthwiseLayers_areNotCentred() {
    String yaml =
        A2Q_PLUS
            .replace("model: cnn-small", "model: dscnn")
            .replace("bits: 11", "bits: 16")
            .replace("epochs: 3", "epochs: 1");
    TrainedNetwork trained = Engine.run(TinyJobs.job(yaml, temporary), TrainingListener.SILENT);
    Certificate certificate = CertifyNetwork.of(trained.network(), 16, Summation.exact());
    assertThat(certificate.holds()).isTrue();
    for (DotLayer layer : trained.network().dotLayers()) {
      DotWeights weights = layer.integers().weights();
      if (layer.integers().pinned().isPresent()) {
        continue;
      }
      long lopsided =
          IntStream.range(0, weights.channels()).filter(c -> Math.abs(weights.sum(c)) > 8).count();
      if (weights.terms() == 9) {
        assertThat(lopsided).as(layer.name()).isPositive();
      } else {
        // K = 8: rounding centred weights toward zero moves the sum by less than 8
        assertThat(lopsided).as(layer.name()).isZero();
      }
    }
  }

  @Test
  void run_denseLayer_isConstrainedWhenNotExcluded() {
    String yaml =
        A2Q_PLUS
            .replace("model: cnn-small\nwidth: 8", "model: mlp2\nwidth: 32")
            .replace("activations: 4", "activations: 4\n  exclude: [last]\n  firstLast: 5")
            .replace("method: a2q+, bits: 11", "method: a2q, bits: 12");
    TrainedNetwork trained = Engine.run(TinyJobs.job(yaml, temporary), TrainingListener.SILENT);
    assertSafe(trained.network(), 12);
    assertThat(trained.validationAccuracy()).isGreaterThan(80);
    int[] weights = trained.network().dotLayers().getFirst().integers().weights().dense();
    assertThat(Arrays.stream(weights).anyMatch(q -> q != 0)).isTrue();
  }
}
