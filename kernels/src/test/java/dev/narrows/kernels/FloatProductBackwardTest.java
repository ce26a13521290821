package dev.narrows.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatProductBackwardTest {
  private static final int CHANNELS = 6;
  private static final int TERMS = 37;
  private static final int COLUMNS = 150;

  private static boolean[] passes(
      Summation summation, Set<GradientMask> masks, float[] weights, float[] inputs) {
    FloatingAccumulator accumulator = (FloatingAccumulator) summation.accumulator();
    return FloatDot.masks(
        accumulator, summation.order(), weights, inputs, masks, accumulator.epsilon());
  }

  /** One channel and gradients of one: the input gradients are the masks times the weights. */
  @ParameterizedTest
  @CsvSource({
    "m4e3(6)/m4e3(4), identity",
    "m4e3(6)/m4e3(4), immediate/of",
    "m4e3(6)/m4e3(4), recursive/of",
    "m4e3(6)/m4e3(4), immediate/diff",
    "m4e3(6)/m4e3(4), immediate/of+immediate/diff",
    "m4e3(7)/m3e3(5):chunk(5), recursive/of+immediate/diff",
    "m4e3(7)/m3e3(5):chunk(1), immediate/of+recursive/of+immediate/diff",
    "m2e3(7)/m3e3(6):sequential, recursive/of",
    "m2e3(7)/m3e3(6):reversed, recursive/of+immediate/diff",
    "m7e4:chunk(100), immediate/diff",
    "m7e8(127), immediate/diff"
  })
  void backward_everyMask_cutsWhatTheReferenceCuts(String register, String text) {
    Summation summation = Summation.parse(register);
    Set<GradientMask> masks = GradientMask.parse(text);
    int cut = 0;
    for (long seed = 1; seed <= 6; seed++) {
      cut += compare(summation, masks, TERMS, seed, seed * 0.4f);
    }
    assertThat(cut > 0).isEqualTo(!masks.isEmpty());
  }

  /** Gradients are added by segments of 64 terms, which chunks need not know of. */
  @ParameterizedTest
  @CsvSource({
    "m4e3(7)/m3e3(6), recursive/of",
    "m4e3(7)/m3e3(6):sequential, recursive/of",
    "m4e3(7)/m3e3(6):reversed, recursive/of",
    "m4e3(7)/m3e3(6):chunk(100), recursive/of+immediate/diff",
    "m4e3(7)/m3e3(6):chunk(48), immediate/of",
    "m4e3(7)/m3e3(6):chunk(64), immediate/diff",
  })
  void backward_termsOfSeveralSegments_cutsWhatTheReferenceCuts(String register, String text) {
    Summation summation = Summation.parse(register);
    Set<GradientMask> masks = GradientMask.parse(text);
    int cut = 0;
    for (int terms : new int[] {63, 64, 65, 191}) {
      cut += compare(summation, masks, terms, terms, 0.8f);
    }
    assertThat(cut).isPositive();
  }

  /** How many products' gradients were cut. */
  private static int compare(
      Summation summation, Set<GradientMask> masks, int terms, long seed, float deviation) {
    int cut = 0;
    FloatTwin twin = FloatTwin.random(seed, 1, terms, COLUMNS, deviation);
    FloatColumns x = twin.block();
    float[] inputGradients = new float[x.values().length];
    float[] weightGradients = new float[terms];
    run(twin, summation, masks, x, ones(), weightGradients, inputGradients);
    double[] expected = new double[terms];
    for (int j = 0; j < COLUMNS; j++) {
      boolean[] passes = passes(summation, masks, twin.row(0), twin.column(j));
      for (int k = 0; k < terms; k++) {
        cut += passes[k] ? 0 : 1;
        assertThat(inputGradients[k * x.stride() + j])
            .as("seed %d, term %d of column %d", seed, k, j)
            .isEqualTo(passes[k] ? twin.w()[k] : 0);
        expected[k] += passes[k] ? twin.column(j)[k] : 0;
      }
    }
    for (int k = 0; k < terms; k++) { // 150 additions in binary32, values up to 200
      assertThat((double) weightGradients[k]).isCloseTo(expected[k], within(1e-3));
    }
    return cut;
  }

  @ParameterizedTest
  @CsvSource({"identity", "recursive/of+immediate/diff"})
  void backward_manyChannels_sumsOverChannelsAndColumns(String text) {
    Summation summation = Summation.parse("m4e3(6)/m4e3(4)");
    Set<GradientMask> masks = GradientMask.parse(text);
    FloatTwin twin = FloatTwin.random(21, CHANNELS, TERMS, COLUMNS, 0.7f);
    Random random = new Random(22);
    float[] g = new float[CHANNELS * COLUMNS];
    for (int i = 0; i < g.length; i++) {
      g[i] = (float) random.nextGaussian();
    }
    FloatColumns x = twin.block();
    float[] weightGradients = new float[CHANNELS * TERMS];
    float[] inputGradients = new float[x.values().length];
    run(twin, summation, masks, x, g, weightGradients, inputGradients);
    double[] ofWeights = new double[CHANNELS * TERMS];
    double[] ofInputs = new double[x.values().length];
    for (int c = 0; c < CHANNELS; c++) {
      for (int j = 0; j < COLUMNS; j++) {
        boolean[] passes = passes(summation, masks, twin.row(c), twin.column(j));
        for (int k = 0; k < TERMS; k++) {
          double gradient = passes[k] ? g[c * COLUMNS + j] : 0;
          ofWeights[c * TERMS + k] += gradient * twin.column(j)[k];
          ofInputs[k * x.stride() + j] += gradient * twin.row(c)[k];
        }
      }
    }
    assertClose(weightGradients, ofWeights);
    assertClose(inputGradients, ofInputs);
    float[] first = weightGradients.clone();
    for (int threads = 1; threads <= 2; threads++) {
      float[] shared = new float[first.length];
      float[] inputs = new float[inputGradients.length];
      try (ParallelProducts parallel = new ParallelProducts(threads)) {
        parallel.backward(
            twin.product(), summation, masks, 0x1p-4f, x, g, 0, COLUMNS, shared, inputs);
      }
      assertThat(FloatTwin.bits(inputs)).isEqualTo(FloatTwin.bits(inputGradients));
      assertClose(shared, ofWeights);
      if (threads > 1) {
        assertThat(FloatTwin.bits(shared)).isEqualTo(FloatTwin.bits(first));
      }
      first = shared;
    }
  }

  @Test
  void backward_wrongOperandsOrderOrSizes_areRefused() {
    FloatTwin twin = FloatTwin.random(23, 1, TERMS, COLUMNS, 1f);
    FloatColumns x = twin.block();
    Set<GradientMask> none = Set.of();
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            run(
                twin,
                Summation.parse("m7e4:ascending"),
                none,
                x,
                ones(),
                new float[TERMS],
                x.values().clone()))
        .withMessageContaining("not in ascending");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> run(twin, Summation.parse("m7e4"), none, x, ones(), new float[1], new float[1]))
        .withMessageContaining("gradients need 37 weights");
    x.values()[0] = Float.POSITIVE_INFINITY;
    x.sealed();
    assertThatThrownBy(() ->
            run(
                twin,
                Summation.parse("m7e4"),
                none,
                x,
                ones(),
                new float[TERMS],
                x.values().clone()))
        .isInstanceOf(ArithmeticException.class);
  }

  private static void run(
      FloatTwin twin,
      Summation summation,
      Set<GradientMask> masks,
      FloatColumns x,
      float[] g,
      float[] weightGradients,
      float[] inputGradients) {
    float epsilon = ((FloatingAccumulator) summation.accumulator()).epsilon();
    twin.product()
        .backward(summation, masks, epsilon, x, g, 0, COLUMNS, weightGradients, inputGradients);
  }

  private static float[] ones() {
    float[] ones = new float[COLUMNS];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  /** Sums of at most 150 products of order one, in binary32 against binary64. */
  private static void assertClose(float[] actual, double[] expected) {
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-3));
    }
  }
}
