package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.RunOptions.Profiling;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several inputs of unlike kinds, and a state. */
class InputLayerTest {
  private static final TensorType CODES =
      new TensorType(2, 3, 1, new Quantization(IntegerFormat.signed(8), 0.5, 1));
  private static final TensorType OTHER =
      new TensorType(2, 3, 1, new Quantization(IntegerFormat.unsigned(4), 0.25, 0));
  private static final TensorType HELD =
      new TensorType(2, 3, 1, new Quantization(IntegerFormat.signed(8), 0.75, -3));
  private static final TensorType NUMBERS = TensorType.floats(2, 3, 1);
  private static final int[] INITIAL = {5, -7, 0, 3, 2, 1};
  private static final int ROW = 18;

  /** next = held' + conv(input + other), output = next · gain; held' is next of the call before. */
  private static Network network() {
    double[] scales = {0.02, 0.02};
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(2, 2, 8, scales, new int[] {90, -50, 33, 127}),
            new int[] {100, -100},
            FixedPointMultiplier.fromReals(new double[] {0.02}, -3, -128, 127));
    List<Layer> layers =
        List.of(
            InputLayer.given("other", OTHER), // 1
            InputLayer.state("held", HELD, INITIAL, 6), // 2
            InputLayer.given("gain", NUMBERS), // 3
            Add.of("both", 0, CODES, 1, OTHER, CODES), // 4
            new Convolution("conv", 4, HELD, Window.point(), 1, operands), // 5
            Add.of("next", 2, HELD, 5, HELD, HELD), // 6
            new Dequantize("numbers", 6, NUMBERS), // 7
            new Elementwise("output", 7, 3, NUMBERS, Elementwise.Operation.MULTIPLY)); // 8
    return new Network("inputs", CODES, layers, Map.of());
  }

  private static int[] rows(int images) {
    Random random = new Random(7);
    int[] rows = new int[images * ROW];
    for (int image = 0; image < images; image++) {
      for (int i = 0; i < 6; i++) {
        rows[image * ROW + i] = random.nextInt(256) - 128;
        rows[image * ROW + 6 + i] = random.nextInt(16);
        rows[image * ROW + 12 + i] = Words.of(random.nextFloat());
      }
    }
    return rows;
  }

  private static List<int[]> calls(int[] rows) {
    List<int[]> calls = new ArrayList<>();
    for (int i = 0; i < rows.length; i += ROW) {
      calls.add(Arrays.copyOfRange(rows, i, i + ROW));
    }
    return calls;
  }

  private static final LayerRegisters NARROW = LayerRegisters.of(Summation.parse("int12:wrap"));

  @Test
  void inputs_unlikeKinds_areTheRowInOrder() {
    Network network = network();
    assertThat(network.inputs()).containsExactly(0, 1, 3);
    assertThat(network.inputElements()).isEqualTo(ROW);
    assertThat(network.states().keySet()).containsExactly(2);
  }

  @Test
  void run_eachFromTheInitialState_equalsTheReference() {
    Network network = network();
    int[] rows = rows(11);
    ReferenceExecutor reference = new ReferenceExecutor(network, NARROW);
    try (Executor executor = Executor.of(network, NARROW, 3)) {
      int[] made = executor.run(rows, 11).outputs();
      List<int[]> calls = calls(rows);
      for (int i = 0; i < calls.size(); i++) {
        assertThat(Arrays.copyOfRange(made, i * 6, i * 6 + 6))
            .isEqualTo(reference.run(calls.get(i)));
      }
    }
  }

  @Test
  void run_inSequence_keepsTheStateAndProfilesEveryCall() {
    Network network = network();
    int[] rows = rows(9);
    Profiling profiling = new Profiling(new SummationOrder.Sequential(), false);
    ReferenceExecutor reference = new ReferenceExecutor(network, NARROW, profiling.summation());
    List<List<int[]>> expected = reference.sequence(calls(rows));
    int[][] held = new int[9][];
    RunOptions options =
        RunOptions.none()
            .inSequence(true)
            .withProfiles(profiling)
            .withTensors((tensor, first, words) -> {
              if (tensor == 2) {
                held[first] = words;
              }
            });
    try (Executor executor = Executor.of(network, NARROW, 3)) {
      for (int again = 0; again < 2; again++) { // a run begins with the initial state
        Execution execution = executor.run(rows, 9, options);
        assertThat(held[0]).isEqualTo(INITIAL);
        for (int i = 0; i < 9; i++) {
          assertThat(Arrays.copyOfRange(execution.outputs(), i * 6, i * 6 + 6))
              .isEqualTo(expected.get(i).getLast());
          if (i > 0) {
            assertThat(held[i]).isEqualTo(expected.get(i - 1).get(6));
          }
        }
        assertThat(execution.profiles().getFirst().total()).isEqualTo(reference.profile("conv"));
      }
    }
  }

  @Test
  void branches_statesAndInputs_equalRunsOneByOne() {
    Network network = network();
    int[] rows = rows(10);
    int[] classes =
        Branches.of(network, List.of(NARROW), 2)
            .run(ImageSource.of(network, rows, 10), done -> {})
            .choices()
            .getFirst();
    try (Executor executor = Executor.of(network, NARROW, 1)) {
      assertThat(classes).isEqualTo(executor.run(rows, 10).predictions());
    }
  }

  @Test
  void run_codeOutsideASecondInput_isRefusedNamingIt() {
    Network network = network();
    int[] rows = rows(2);
    rows[ROW + 8] = 16;
    try (Executor executor = Executor.of(network, NARROW, 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> executor.run(rows, 2))
          .withMessage("image 1, input \"other\", element 2: code 16 is not one of uint4, [0, 15]");
    }
  }

  @Test
  void file_inputsAndStates_comeBack(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("n.narrows");
    NarrowsWriter.write(network(), file);
    assertThat(NetworkFiles.read(file)).isEqualTo(network());
  }

  @Test
  void network_stateFedByAnotherType_isRefused() {
    Network network = network();
    for (int source : new int[] {4, 7, -1, 9}) {
      InputLayer state = InputLayer.state("held", HELD, INITIAL, source);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> network.withLayer(1, state))
          .withMessageStartingWith("state \"held\": ");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputLayer.state("held", HELD, new int[5], 6))
        .withMessage("need 6 elements, got 5");
  }
}
