package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FloatExecutorTest {
  private static final List<String> ACCUMULATORS =
      List.of(
          "exact",
          "m7e4(12)/m7e4(10)",
          "m7e4(12)/m7e4(10):chunk(5):no-underflow",
          "m4e3(6)/m4e3(4):sequential",
          "m5e4(9):reversed",
          "m3e4(10)/m3e4(9):ascending",
          "bf16:promote(9)",
          "hopper-fp8",
          "mi300-fp16");

  /** Every tensor of every image. */
  static int[][][] tensors(
      Network network, LayerRegisters registers, int threads, int[] words, int n) {
    int[][][] seen = new int[network.tensors()][n][];
    RunOptions options =
        RunOptions.none()
            .withTensors((tensor, first, block) -> {
              int elements = network.tensor(tensor).elements();
              for (int i = 0; i < block.length / elements; i++) {
                seen[tensor][first + i] =
                    Arrays.copyOfRange(block, i * elements, (i + 1) * elements);
              }
            });
    try (Executor executor = Executor.of(network, registers, threads)) {
      executor.run(words, n, options);
    }
    return seen;
  }

  @Test
  void run_everyKindOfFloatLayer_equalsTheReferenceInEveryTensor() {
    long seed = 20261122;
    System.out.println("seed " + seed);
    Set<String> kinds = new TreeSet<>();
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      Network network =
          round % 2 == 0 ? FloatNetworks.images(random) : FloatNetworks.tokens(random);
      network.layers().stream().map(Layer::kind).forEach(kinds::add);
      int images = 1 + random.nextInt(4);
      int[] words = FloatNetworks.words(random, network.input(), images);
      String text = ACCUMULATORS.get(random.nextInt(ACCUMULATORS.size()));
      LayerRegisters registers = LayerRegisters.of(Summation.parse(text));
      int[][][] seen = tensors(network, registers, 1 + random.nextInt(3), words, images);
      ReferenceExecutor reference = new ReferenceExecutor(network, registers);
      int elements = network.input().elements();
      for (int image = 0; image < images; image++) {
        List<int[]> expected =
            reference.tensors(Arrays.copyOfRange(words, image * elements, (image + 1) * elements));
        for (int t = 0; t < expected.size(); t++) {
          assertThat(seen[t][image])
              .as("seed %d, %s under %s", seed + round, network.tensorName(t), text)
              .isEqualTo(expected.get(t));
        }
      }
    }
    assertThat(kinds)
        .containsExactly(
            "channelPad",
            "conv2d",
            "dense",
            "depthwiseConv2d",
            "embedding",
            "flatten",
            "gelu",
            "layerNorm",
            "matmul",
            "maxPool",
            "meanPool",
            "positions",
            "realAdd",
            "realMultiply",
            "relu",
            "rmsNorm",
            "rotary",
            "silu",
            "softmax",
            "store",
            "subsample",
            "transposeConv2d");
  }

  @Test
  void run_anyNumberOfThreads_givesTheSameBits() {
    Network network = FloatNetworks.tokens(new Random(5));
    int[] words = FloatNetworks.words(new Random(6), network.input(), 9);
    List<int[]> outputs = new ArrayList<>();
    for (int threads = 1; threads <= 4; threads++) {
      try (Executor executor = Executor.of(network, LayerRegisters.exact(), threads)) {
        outputs.add(executor.run(words, 9).outputs());
      }
    }
    assertThat(outputs).allSatisfy(output -> assertThat(output).isEqualTo(outputs.getFirst()));
  }

  @Test
  void predictions_floatOutputs_compareAsNumbers() {
    Network network = FloatNetworks.images(new Random(7));
    int[] words = FloatNetworks.words(new Random(8), network.input(), 20);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      Execution execution = executor.run(words, 20);
      float[] numbers = execution.numbers();
      int[] predictions = execution.predictions();
      int classes = network.output().elements();
      for (int image = 0; image < 20; image++) {
        for (int c = 0; c < classes; c++) {
          assertThat(numbers[image * classes + predictions[image]])
              .isGreaterThanOrEqualTo(numbers[image * classes + c]);
        }
      }
    }
  }

  @Test
  void registers_integerAccumulatorOnFloatLayers_isRefusedNamingBoth() {
    Network network = FloatNetworks.tokens(new Random(1));
    for (String text : List.of("int16:saturate", "int8:wrap", "int12:resolved")) {
      assertThatExceptionOfType(OperandException.class)
          .isThrownBy(() -> Executor.of(network, LayerRegisters.of(Summation.parse(text)), 1))
          .withMessage(
              "layer layer3 has float operands; %s is a register for integer operands", text);
    }
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(
            () -> Executor.of(network, LayerRegisters.of(Summation.parse("exact:zero(raw)")), 1));
  }

  @Test
  void registers_floatingAccumulatorOnIntegers_isRefusedNamingBoth() {
    Network network = RandomNetworks.network(new Random(3), 12);
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> Executor.of(network, LayerRegisters.of(Summation.parse("m7e4")), 1))
        .withMessageContaining("has integer operands; m7e4(12)/m7e4(10) is a register for float");
  }

  /** Two sums of codes, then two of numbers. */
  private static Network mixed() {
    TensorType in = new TensorType(3, 1, 1, new Quantization(IntegerFormat.unsigned(8), 1, 0));
    TensorType codes = new TensorType(2, 1, 1, new Quantization(IntegerFormat.signed(32), 1, 0));
    DenseWeights weights =
        new DenseWeights(2, 3, 8, new double[] {1, 1}, new int[] {100, 100, -90, 7, 8, 9});
    FixedPointMultiplier whole =
        FixedPointMultiplier.fromReals(new double[] {1}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    TensorType numbers = TensorType.floats(2, 1, 1);
    FloatOperands floats =
        new FloatOperands(
            new FloatDotWeights(2, 2, new float[] {0.3f, 1.7f, -2.1f, 0.9f}), new float[2], false);
    return new Network(
        "mixed",
        in,
        List.of(
            new Dense("codes", 0, codes, new IntegerOperands(weights, new int[2], whole)),
            new Dequantize("numbers", 1, numbers),
            new Dense("reals", 2, numbers, floats)),
        Map.of());
  }

  @Test
  void registers_ofOneKindOnAMixedNetwork_leaveTheOtherLayersExact() {
    Network network = mixed();
    for (String text : List.of("m7e4", "int12:saturate")) {
      Summation asked = Summation.parse(text);
      String own = text.startsWith("m") ? "reals" : "codes";
      String other = text.startsWith("m") ? "codes" : "reals";
      LayerRegisters registers = LayerRegisters.of(asked);
      assertThat(registers.of(network))
          .extracting(LayerRegister::layer, LayerRegister::origin, one -> one.asked().toString())
          .containsExactlyInAnyOrder(
              tuple(own, LayerRegister.Origin.BASE, asked.toString()),
              tuple(other, LayerRegister.Origin.OTHER_OPERANDS, "exact"));
      assertThat(registers.leftOut(network).orElseThrow())
          .startsWith(asked + " is a register for ")
          .contains("layer " + other);
      try (Executor executor = Executor.of(network, registers, 1);
          Executor named =
              Executor.of(network, LayerRegisters.of(Summation.exact(), Map.of(own, asked)), 1);
          Executor exact = Executor.of(network, LayerRegisters.exact(), 1)) {
        int[] codes = {200, 100, 3};
        int[] made = executor.run(codes, 1).outputs();
        assertThat(made)
            .isEqualTo(named.run(codes, 1).outputs())
            .isNotEqualTo(exact.run(codes, 1).outputs());
      }
    }
    assertThat(LayerRegisters.exact().leftOut(network)).isEmpty();
  }

  @Test
  void registers_perLayer_ruleGovernsItsLayersOnly() {
    Network network = FloatNetworks.tokens(new Random(1));
    LayerRegisters registers =
        LayerRegisters.of(Summation.exact(), Map.of("layer?", Summation.parse("m4e3(6)/m4e3(4)")));
    int[] words = FloatNetworks.words(new Random(2), network.input(), 3);
    try (Executor executor = Executor.of(network, registers, 2)) {
      Execution execution = executor.run(words, 3);
      assertThat(execution.registers())
          .allSatisfy(register ->
              assertThat(register.accumulator() instanceof Exact)
                  .isEqualTo(register.layer().length() > 6));
      ReferenceExecutor reference = new ReferenceExecutor(network, registers);
      int length = network.input().elements();
      assertThat(Arrays.copyOf(execution.outputs(), network.output().elements()))
          .isEqualTo(reference.run(Arrays.copyOf(words, length)));
    }
  }

  @Test
  void run_idWithoutARow_isRefusedNamingIt() {
    Network network = FloatNetworks.tokens(new Random(1));
    int[] ids = new int[network.input().elements()];
    ids[1] = 16;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> executor.run(ids, 1))
          .withMessageContaining("16");
    }
  }
}
