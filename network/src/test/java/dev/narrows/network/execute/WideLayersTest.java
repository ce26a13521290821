package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.network.Network;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers whose sums leave 32 bits, and floats that leave binary32. */
class WideLayersTest {
  private static final List<String> REGISTERS =
      List.of(
          "exact",
          "exact:zero(raw)",
          "exact:bias(preload)",
          "int32:wrap",
          "int33:wrap",
          "int33:wrap:zero(raw)",
          "int33:saturate",
          "int36:saturate:reversed",
          "int24:saturate:chunk(64,int40)",
          "int33:resolved:chunk(64,int36)",
          "int33:resolved(transient):zero(raw):bias(preload)",
          "int32:saturate:bias(preload)",
          "int34:saturate:sorted",
          "int33:saturate:sign-directed");

  private static Network dense(Random random, int terms, int inputBits, int weightBits, int zero) {
    TensorType input =
        new TensorType(
            terms, 1, 1, new Quantization(IntegerFormat.signed(inputBits), 0x1p-10, zero));
    TensorType output =
        new TensorType(4, 1, 1, new Quantization(IntegerFormat.signed(16), 0x1p-10, 0));
    int[] weights = new int[4 * terms];
    int most = (1 << (weightBits - 1)) - 1;
    Arrays.setAll(
        weights, i -> i < terms ? most : i < 2 * terms ? -most : random.nextInt(-most, most + 1));
    double[] scales = {1, 1, 1, 1};
    int[] bias = {Integer.MIN_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, random.nextInt()};
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(4, terms, weightBits, scales, weights), bias, requantization(random));
    return new Network("wide", input, List.of(new Dense("fc", 0, output, operands)), Map.of());
  }

  private static Requantization requantization(Random random) {
    double[] factors = {0x1.8p-20, 0x1p-18, 0x1.2p-19, 0x1.9p-17};
    return switch (random.nextInt(3)) {
      case 0 -> FixedPointMultiplier.fromReals(factors, 3, -32768, 32767);
      case 1 -> ShortMultiplier.fromReals(factors, 0, -32768, 32767);
      default ->
          new FloatScale(
              new float[] {0x1.8p-20f, 0x1p-18f, 0x1.2p-19f, 0x1.9p-17f}, 3, -32768, 32767);
    };
  }

  @Test
  void run_sumsBeyondThirtyTwoBits_equalsTheReference() {
    int widest = 0;
    for (int round = 0; round < 40; round++) {
      Random random = new Random(round);
      int terms = 500 + random.nextInt(60);
      int zero = random.nextBoolean() ? 0 : -1000;
      Network network = dense(random, terms, 16, 8 + random.nextInt(3), zero);
      widest = Math.max(widest, assertEqual(network, random, 1 + random.nextInt(5)));
    }
    assertThat(widest).as("bits of the widest sum").isGreaterThan(33);
  }

  @Test
  void run_productOfWideActivations_equalsTheReference() {
    Random random = new Random(5);
    TensorType input =
        new TensorType(6, 9, 1, new Quantization(IntegerFormat.signed(20), 0x1p-10, 77));
    TensorType output =
        new TensorType(2, 9, 9, new Quantization(IntegerFormat.signed(16), 0x1p-10, 0));
    Requantization requantization =
        FixedPointMultiplier.fromReals(new double[] {0x1p-16}, 0, -32768, 32767);
    Network network =
        new Network(
            "wide",
            input,
            List.of(new IntegerMatMul("product", 0, 0, output, 2, requantization)),
            Map.of());
    assertThat(assertEqual(network, random, 3)).isGreaterThan(33);
  }

  /** Returns the width of the widest sum. */
  private static int assertEqual(Network network, Random random, int images) {
    int elements = network.input().elements();
    IntegerFormat format = network.input().quantization().format();
    int[] codes = new int[images * elements];
    boolean extreme = random.nextBoolean();
    Arrays.setAll(
        codes,
        i ->
            extreme && i < elements
                ? (int) format.max()
                : random.nextInt((int) format.min(), (int) format.max() + 1));
    int widest = 0;
    for (String text : REGISTERS) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      Summation profiled = Summation.parse("int8:wrap" + (random.nextBoolean() ? "" : ":sorted"));
      Execution execution;
      try (Executor executor = Executor.of(network, registers, 2)) {
        RunOptions options = RunOptions.none().withProfiles(new Profiling(profiled, true));
        execution = executor.run(codes, images, options);
      }
      ReferenceExecutor reference = new ReferenceExecutor(network, registers, profiled);
      List<Integer> expected = new ArrayList<>();
      for (int image = 0; image < images; image++) {
        int[] one = Arrays.copyOfRange(codes, image * elements, (image + 1) * elements);
        Arrays.stream(reference.run(one)).forEach(expected::add);
      }
      assertThat(Arrays.stream(execution.outputs()).boxed().toList())
          .as("%s of %s", text, network.layers().getFirst().kind())
          .isEqualTo(expected);
      for (LayerOverflowProfile profile : execution.profiles()) {
        assertThat(profile.total()).as(text).isEqualTo(reference.profile(profile.layer()));
        widest = Math.max(widest, profile.total().widestPath());
      }
    }
    return widest;
  }

  @Test
  void run_exactSumBeyondSixtyFourBits_namesTheLayer() {
    int terms = 1 << 17;
    TensorType input =
        new TensorType(terms, 1, 1, new Quantization(IntegerFormat.signed(24), 1, 0));
    TensorType output = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(8), 1, 0));
    Requantization requantization =
        FixedPointMultiplier.fromReals(new double[] {0.5}, 0, -128, 127);
    Layer product = new IntegerMatMul("squares", 0, 0, output, 1, requantization);
    Network network = new Network("wide", input, List.of(product), Map.of());
    int[] codes = new int[terms];
    Arrays.fill(codes, 0, terms / 2, -1 << 23);
    for (boolean beyond : new boolean[] {false, true}) {
      Arrays.fill(codes, terms / 2, terms, beyond ? -1 << 23 : 0); // 2^62, or 2^63
      ReferenceExecutor reference = new ReferenceExecutor(network, LayerRegisters.exact());
      try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
        if (beyond) {
          String layer = "layer \"squares\": ";
          assertThatThrownBy(() -> executor.run(codes, 1))
              .isInstanceOf(LayerArithmeticException.class)
              .hasMessageStartingWith(layer);
          assertThatThrownBy(() -> reference.run(codes)).hasMessageStartingWith(layer);
        } else {
          assertThat(executor.run(codes, 1).outputs()).containsExactly(127);
          assertThat(reference.run(codes)).containsExactly(127);
        }
      }
    }
  }

  @Test
  void run_floatsBeyondBinary32_areInfinitiesOrNamedWithTheirLayer() {
    float most = Float.MAX_VALUE;
    Network infinite = floats(new float[] {most, most}, new float[] {1, 0});
    try (Executor executor = Executor.of(infinite, LayerRegisters.exact(), 1)) {
      Execution run = executor.run(Words.of(new float[] {2, 2}), 1);
      assertThat(run.numbers()).containsExactly(Float.POSITIVE_INFINITY);
    }
    Network undefined = floats(new float[] {most, -most}, new float[] {1, -1});
    for (String register : List.of("exact", "m7e8(127)")) {
      LayerRegisters registers = LayerRegisters.of(Summation.parse(register));
      int[] input = Words.of(new float[] {Float.NaN, 2});
      try (Executor executor = Executor.of(undefined, registers, 1)) {
        assertThatThrownBy(() -> executor.run(input, 1))
            .isInstanceOf(LayerArithmeticException.class)
            .hasMessageStartingWith("layer \"fc0\": ");
      }
      assertThatThrownBy(() -> new ReferenceExecutor(undefined, registers).run(input))
          .isInstanceOf(LayerArithmeticException.class)
          .hasMessageStartingWith("layer \"fc0\": ");
    }
  }

  private static Network floats(float[]... weights) {
    List<Layer> layers = new ArrayList<>();
    TensorType real = TensorType.floats(1, 1, 1);
    for (int i = 0; i < weights.length; i++) {
      int terms = i == 0 ? weights[i].length : 1;
      float[] values = Arrays.copyOf(weights[i], terms);
      FloatOperands operands =
          new FloatOperands(new FloatDotWeights(1, terms, values), new float[1], false);
      layers.add(new Dense("fc" + i, i, real, operands));
    }
    return new Network("wide", TensorType.floats(weights[0].length, 1, 1), layers, Map.of());
  }
}
