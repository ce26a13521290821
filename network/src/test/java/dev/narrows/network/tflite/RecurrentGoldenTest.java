package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recurrent operators on real numbers, call after call, against LiteRT's reference kernels. Sums
 * and products are the same; e^x and tanh are another library's, so that last bits may differ.
 */
class RecurrentGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/litert/recurrent");
  private static final double LAST_BITS = 1e-6; // outputs lie in −1 … 1

  @TempDir private Path folder;

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".tflite"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void executor_callsInSequence_giveLiteRtsNumbers(String name) throws IOException {
    Network network = new TfliteReader().read(FOLDER.resolve(name));
    List<String> lines =
        Files.readAllLines(FOLDER.resolve(name.replace(".tflite", ".csv"))).stream()
            .skip(1)
            .toList();
    int calls = lines.size();
    int[] inputs = LiteRtGoldenTest.inputs(network, calls);
    int row = network.inputElements();
    Execution execution;
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      execution = executor.run(inputs, calls, RunOptions.none().inSequence(true));
    }
    List<int[]> rows =
        Stream.iterate(0, i -> i < calls, i -> i + 1)
            .map(i -> Arrays.copyOfRange(inputs, i * row, (i + 1) * row))
            .toList();
    List<List<int[]>> reference =
        new ReferenceExecutor(network, LayerRegisters.exact()).sequence(rows);
    int elements = network.output().elements();
    for (int i = 0; i < calls; i++) {
      int[] made = Arrays.copyOfRange(execution.outputs(), i * elements, (i + 1) * elements);
      assertThat(made).isEqualTo(reference.get(i).getLast());
      float[] numbers = Words.numbers(LiteRtGoldenTest.inFileOrder(network, reference.get(i)));
      String[] expected = lines.get(i).split(" ");
      assertThat(numbers).hasSize(expected.length);
      for (int e = 0; e < expected.length; e++) {
        assertThat((double) numbers[e])
            .as("call %d, element %d", i, e)
            .isCloseTo(Double.parseDouble(expected[e]), within(LAST_BITS));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void narrowsFile_recurrentOperator_holdsTheSameNetwork(String name) throws IOException {
    Network network = new TfliteReader().read(FOLDER.resolve(name));
    Path own = folder.resolve("own.narrows");
    NarrowsWriter.write(network, own);
    assertThat(new NarrowsReader().read(own)).isEqualTo(network);
  }

  @ParameterizedTest
  @MethodSource("files")
  void registers_narrowInEveryStep_changeTheOutput(String name) throws IOException {
    Network network = new TfliteReader().read(FOLDER.resolve(name));
    int[] inputs = LiteRtGoldenTest.inputs(network, 1);
    boolean hybrid = name.contains("hybrid");
    LayerRegisters narrow = LayerRegisters.of(Summation.parse(hybrid ? "int10:wrap" : "m7e4"));
    try (Executor exact = Executor.of(network, LayerRegisters.exact(), 1);
        Executor changed = Executor.of(network, narrow, 1)) {
      assertThat(changed.run(inputs, 1).outputs()).isNotEqualTo(exact.run(inputs, 1).outputs());
    }
  }
}
