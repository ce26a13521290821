package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.layer.Layer;
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
          "m3e4(10)/m3e4(9):ascending");

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
