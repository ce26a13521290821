package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatStatisticsTest {
  private static final Summation NARROW = Summation.parse("m4e3(6)/m4e3(4):chunk(5)");

  private static Execution run(Network network, int[] words, int images, int threads) {
    try (Executor executor = Executor.of(network, LayerRegisters.of(NARROW), threads)) {
      return executor.run(words, images, RunOptions.none().withStatistics());
    }
  }

  @Test
  void statistics_oneDenseLayer_areThoseOfItsDotProducts() {
    Random random = new Random(11);
    int terms = 37;
    float[] weights = Words.numbers(FloatNetworks.words(random, TensorType.floats(4, terms, 1), 1));
    FloatOperands operands =
        new FloatOperands(new FloatDotWeights(4, terms, weights), new float[] {9, 9, 9, 9}, true);
    Network network =
        new Network(
            "one",
            TensorType.floats(terms, 1, 1),
            List.of(new Dense("fc", 0, TensorType.floats(4, 1, 1), operands)),
            Map.of());
    int[] words = FloatNetworks.words(random, network.input(), 20);
    double signal = 0;
    double noise = 0;
    FloatEvents events = FloatEvents.none();
    for (int image = 0; image < 20; image++) {
      float[] x = Words.numbers(Arrays.copyOfRange(words, image * terms, (image + 1) * terms));
      double imageSignal = 0;
      double imageNoise = 0;
      for (int c = 0; c < 4; c++) {
        float[] w = Arrays.copyOfRange(weights, c * terms, (c + 1) * terms);
        FloatOutcome outcome =
            FloatDot.sum((FloatingAccumulator) NARROW.accumulator(), NARROW.order(), w, x);
        events = events.plus(outcome.events());
        double exact = FloatDot.exact(w, x);
        imageSignal += exact * exact;
        imageNoise += (outcome.value() - exact) * (outcome.value() - exact);
      }
      signal += imageSignal;
      noise += imageNoise;
    }
    FloatStatistics statistics = run(network, words, 20, 2).statistics().getFirst();
    assertThat(statistics)
        .isEqualTo(
            new FloatStatistics(
                LayerRegisters.of(NARROW).of(network).getFirst(), terms, events, signal, noise));
    assertThat(events.sumUnderflows()).isPositive();
    assertThat(events.swamps()).isPositive();
    assertThat(statistics.decibels()).isBetween(3.0, 40.0);
  }

  @Test
  void statistics_anyNumberOfThreads_areTheSameToTheBit() {
    for (Network network :
        List.of(FloatNetworks.images(new Random(3)), FloatNetworks.tokens(new Random(4)))) {
      int[] words = FloatNetworks.words(new Random(5), network.input(), 7);
      List<Execution> runs = new ArrayList<>();
      for (int threads = 1; threads <= 3; threads++) {
        runs.add(run(network, words, 7, threads));
      }
      long summing = network.layers().stream().filter(SummingLayer.class::isInstance).count();
      assertThat(runs.getFirst().statistics()).hasSize((int) summing);
      assertThat(runs)
          .allSatisfy(run -> assertThat(run.statistics()).isEqualTo(runs.getFirst().statistics()));
      try (Executor executor = Executor.of(network, LayerRegisters.of(NARROW), 1)) {
        assertThat(executor.run(words, 7).outputs()).isEqualTo(runs.getFirst().outputs());
      }
    }
  }

  @Test
  void statistics_exactRegisters_haveNone() {
    Network network = FloatNetworks.images(new Random(3));
    int[] words = FloatNetworks.words(new Random(5), network.input(), 2);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThat(executor.run(words, 2, RunOptions.none().withStatistics()).statistics()).isEmpty();
    }
  }
}
