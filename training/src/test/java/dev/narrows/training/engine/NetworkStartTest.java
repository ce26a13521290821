package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that begin with a network in integers, such as a repaired one. */
class NetworkStartTest {
  private static final String POST_TRAINING =
      """
      name: start
      model: cnn-small
      width: 8
      data: {set: fashion-small, validation: 0}
      preprocess: unit
      seed: 3
      threads: 1
      batch: 32
      augment: {pad: 1, flip: false}
      quantization: {weights: 6, activations: 5%s}
      phases:
        float: {epochs: 1, optimizer: sgd, rate: 0.1, weightDecay: 1e-4}
      """;

  @TempDir Path temporary;

  /** Nothing is trained after the start, so the network comes back. */
  @Test
  void train_fromAChangedNetwork_isThatNetworkWhenLowered() throws Exception {
    Network made = train(POST_TRAINING.formatted(""), "first", Optional.empty());
    Network changed = changed(made);
    Path file = temporary.resolve("changed.narrows");
    NarrowsWriter.write(changed, file);
    Network started =
        train(POST_TRAINING.formatted(", start: changed.narrows"), "second", Optional.of(file));
    int moved = 0;
    for (int i = 0; i < changed.layers().size(); i++) {
      Layer expected = changed.layers().get(i);
      Layer found = started.layers().get(i);
      assertThat(found.name()).isEqualTo(expected.name());
      assertThat(found.output().quantization().scale())
          .isCloseTo(
              expected.output().quantization().scale(),
              within(1e-5 * expected.output().quantization().scale()));
      if (expected instanceof DotLayer dot && dot.integers().pinned().isEmpty()) {
        IntegerOperands same = ((DotLayer) found).integers();
        assertThat(same.weights().dense())
            .as(dot.name())
            .isEqualTo(dot.integers().weights().dense());
        for (int c = 0; c < same.channels(); c++) {
          double factor = multiplier(dot.integers(), c);
          assertThat(multiplier(same, c)).isCloseTo(factor, within(1e-5 * factor));
          assertThat(same.bias()[c])
              .isCloseTo(dot.integers().bias()[c], within(1 + Math.abs(same.bias()[c]) / 10_000));
        }
        moved++;
      }
    }
    assertThat(moved).isPositive();
  }

  @Test
  void train_fromANetworkOfOtherWidths_namesTheLayer() throws Exception {
    Network made = train(POST_TRAINING.formatted(""), "first", Optional.empty());
    Path file = temporary.resolve("wide.narrows");
    NarrowsWriter.write(made, file);
    String narrower =
        POST_TRAINING
            .formatted(", start: wide.narrows")
            .replace("activations: 5", "activations: 3");
    assertThatThrownBy(() -> train(narrower, "second", Optional.of(file)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("quantization.start: " + file)
        .hasMessageContaining("layer \"");
  }

  /** Other integers, scales and biases in every layer that has a register of its own choice. */
  private static Network changed(Network network) {
    Random random = new Random(4);
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      layers.add(
          layer instanceof DotLayer dot && dot.integers().pinned().isEmpty()
              ? dot.withOperands(changed(dot.integers(), random))
              : layer);
    }
    return new Network(network.name(), network.input(), layers, network.metadata());
  }

  private static IntegerOperands changed(IntegerOperands operands, Random random) {
    int[] weights = operands.weights().dense().clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(63) - 31;
    }
    double[] scales = operands.weights().scales().clone();
    int[] bias = operands.bias().clone();
    FixedPointMultiplier old = (FixedPointMultiplier) operands.requantization();
    List<FixedPoint> factors = new ArrayList<>();
    for (int c = 0; c < bias.length; c++) {
      double growth = 1 + random.nextDouble();
      scales[c] *= growth;
      bias[c] = (int) (bias[c] / growth) + random.nextInt(200) - 100;
      factors.add(FixedPoint.singleRounding(old.realMultiplier(c) * growth));
    }
    return new IntegerOperands(
        new DenseWeights(
            operands.channels(), operands.terms(), operands.weights().bits(), scales, weights),
        bias,
        new FixedPointMultiplier(factors, old.zeroPoint(), old.min(), old.max()));
  }

  private static double multiplier(IntegerOperands operands, int channel) {
    return ((FixedPointMultiplier) operands.requantization()).realMultiplier(channel);
  }

  private Network train(String yaml, String folder, Optional<Path> start) throws Exception {
    TrainingJob job =
        TinyJobs.job(yaml, Files.createDirectories(temporary.resolve(folder)), Optional.empty());
    TrainingJob with =
        new TrainingJob(
            job.recipe(),
            job.train(),
            job.validation(),
            job.test(),
            job.initWeights(),
            start,
            job.from(),
            job.checkpoint());
    return Engine.run(with, TrainingListener.SILENT).network();
  }
}
