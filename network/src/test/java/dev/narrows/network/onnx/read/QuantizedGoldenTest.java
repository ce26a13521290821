package dev.narrows.network.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small quantised files, bit for bit as ONNX Runtime, or QONNX's executor, computes them; what
 * Brevitas exports, as near as its own sums of binary32 numbers are to those of codes.
 */
class QuantizedGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  @TempDir private Path folder;

  /** What one call gives and gets. */
  private record Call(int[] given, int[] made) {}

  static List<String> names() throws IOException {
    return names("onnxruntime", "qonnx");
  }

  static List<String> nearNames() throws IOException {
    return names("onnxruntime-near", "brevitas");
  }

  private static List<String> names(String... makers) throws IOException {
    List<String> names = new ArrayList<>();
    for (String maker : makers) {
      try (Stream<Path> files = Files.list(FOLDER.resolve(maker))) {
        files
            .map(file -> maker + "/" + file.getFileName())
            .filter(name -> name.endsWith(".csv"))
            .map(name -> name.substring(0, name.length() - ".csv".length()))
            .sorted()
            .forEach(names::add);
      }
    }
    return names;
  }

  private static List<Call> calls(String name) throws IOException {
    List<Call> calls = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve(name + ".csv"))) {
      if (!line.startsWith("#")) {
        String[] halves = line.split(",", -1);
        calls.add(new Call(words(halves[0]), words(halves[1])));
      }
    }
    return calls;
  }

  private static int[] words(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @ParameterizedTest
  @MethodSource("names")
  void file_everyCall_makesTheRuntimesBits(String name) throws IOException {
    Network network = new OnnxReader().read(FOLDER.resolve(name + ".onnx"));
    int output = FileTensors.outputs(network).getFirst();
    ReferenceExecutor reference = new ReferenceExecutor(network, LayerRegisters.exact());
    List<Call> calls = calls(name);
    int[] all = calls.stream().flatMapToInt(call -> Arrays.stream(call.given())).toArray();
    int size = network.tensor(output).elements();
    int[] fast = new int[calls.size() * size];
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      executor.run(
          all,
          calls.size(),
          RunOptions.none()
              .withTensors((tensor, first, words) -> {
                if (tensor == output) {
                  System.arraycopy(words, 0, fast, first * size, words.length);
                }
              }));
    }
    for (int i = 0; i < calls.size(); i++) {
      int[] made = reference.tensors(calls.get(i).given()).get(output);
      assertThat(made).as("call %d", i).isEqualTo(calls.get(i).made());
      assertThat(Arrays.copyOfRange(fast, i * size, (i + 1) * size)).isEqualTo(made);
    }
  }

  /** Sums of up to 40 numbers in another order: 2^−18 of the largest is some roundings. */
  @ParameterizedTest
  @MethodSource("nearNames")
  void file_sumsOfNumbers_areNearTheRuntimes(String name) throws IOException {
    Network network = new OnnxReader().read(FOLDER.resolve(name + ".onnx"));
    ReferenceExecutor reference = new ReferenceExecutor(network, LayerRegisters.exact());
    for (Call call : calls(name)) {
      float[] made = Words.numbers(reference.run(call.given()));
      float[] theirs = Words.numbers(call.made());
      float largest = 0;
      for (float number : theirs) {
        largest = Math.max(largest, Math.abs(number));
      }
      assertThat(made).hasSameSizeAs(theirs);
      for (int i = 0; i < made.length; i++) {
        assertThat(made[i]).isCloseTo(theirs[i], within(largest * 0x1p-18f));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void network_written_isReadBackAlike(String name) throws IOException {
    Network network = new OnnxReader().read(FOLDER.resolve(name + ".onnx"));
    Path file = folder.resolve("network.narrows");
    NarrowsWriter.write(network, file);
    assertThat(new NarrowsReader().read(file)).isEqualTo(network);
  }
}
