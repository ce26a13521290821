package dev.narrows.network.onnx.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.files.RepairedFile;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX files with other constants, read back by the ordinary reader. */
class OnnxConstantsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir private Path folder;

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files
          .filter(file -> file.toString().endsWith(".onnx"))
          .filter(file -> file.toString().matches(".*/(onnxruntime|qonnx)/(?!changed).*"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void write_othersForEveryLayer_readerGivesThem(Path file) throws IOException {
    FileConstants constants = RepairedFile.open(file, ReadOptions.NONE);
    Map<String, LayerConstants> changes = drawn(constants, new Random(1));
    Network changed = constants.with(changes);
    for (Map.Entry<String, LayerConstants> entry : changes.entrySet()) {
      LayerConstants made = held(changed, entry.getKey());
      assertThat(made.weights()).isEqualTo(entry.getValue().weights());
      assertThat(made.bias()).isEqualTo(entry.getValue().bias());
      for (int c = 0; c < made.scales().length; c++) {
        double wanted = entry.getValue().scales()[c];
        assertThat(made.scales()[c]).isBetween(wanted * (1 - 1e-6), wanted * (1 + 1e-6));
      }
    }
    Path out = folder.resolve("out.onnx");
    RepairedFile.write(file, ReadOptions.NONE, changed, out);
    assertThat(NetworkFiles.read(out).layers()).isEqualTo(changed.layers());
    assertThat(nodes(out)).isEqualTo(nodes(file));
  }

  /** interop/onnxruntime/changed.py runs them, QuantizedGoldenTest compares. */
  @ParameterizedTest
  @ValueSource(strings = {"qdq-conv", "qdq-gemm", "qgemm", "qlinear-conv-groups", "qlinear-matmul"})
  void write_goldens_areWhatOnnxRuntimeRan(String name) throws IOException {
    Path file = GOLDEN.resolve("onnxruntime").resolve(name + ".onnx");
    FileConstants constants = RepairedFile.open(file, ReadOptions.NONE);
    Path out = folder.resolve(name + ".onnx");
    constants.write(drawn(constants, new Random(2)), out);
    assertThat(out).hasSameBinaryContentAs(golden(name));
  }

  @Test
  void write_oneOfTwoThatShareEverything_otherStays() throws IOException {
    Path file = GOLDEN.resolve("onnxruntime/qdq-shared.onnx");
    FileConstants constants = RepairedFile.open(file, ReadOptions.NONE);
    String first = constants.network().dotLayers().getFirst().name();
    String second = constants.network().dotLayers().getLast().name();
    Map<String, LayerConstants> changes = drawn(constants, new Random(3));
    changes.keySet().retainAll(Set.of(second));
    Path out = folder.resolve("shared.onnx");
    Network changed = constants.write(changes, out);
    assertThat(held(changed, first)).isEqualTo(held(constants.network(), first));
    assertThat(changes)
        .hasEntrySatisfying(
            second,
            wanted -> assertThat(held(changed, second).weights()).isEqualTo(wanted.weights()));
    assertThat(new HashSet<>(doubles(held(changed, second)))).hasSizeGreaterThan(1);
    assertThat(out).hasSameBinaryContentAs(golden("qdq-shared"));
  }

  @Test
  void write_overTheFileThatWasRead_isRefused() throws IOException {
    Path file = Files.copy(GOLDEN.resolve("onnxruntime/qgemm.onnx"), folder.resolve("a.onnx"));
    FileConstants constants = RepairedFile.open(file, ReadOptions.NONE);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> constants.write(Map.of(), file))
        .withMessageContaining("stays as it is");
  }

  @Test
  void with_whatTheFileCannotHold_isRefused() throws IOException {
    FileConstants constants =
        RepairedFile.open(GOLDEN.resolve("onnxruntime/qlinear-matmul.onnx"), ReadOptions.NONE);
    String layer = constants.network().dotLayers().getFirst().name();
    LayerConstants own = held(constants.network(), layer);
    int[] wide = own.weights().clone();
    wide[0] = 300;
    int[] bias = own.bias().clone();
    bias[0] = 1;
    for (LayerConstants wanted :
        List.of(
            new LayerConstants(wide, own.scales(), own.bias()),
            new LayerConstants(own.weights(), own.scales(), bias),
            new LayerConstants(new int[1], own.scales(), own.bias()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> constants.with(Map.of(layer, wanted)))
          .withMessageContaining(layer);
    }
  }

  private static Path golden(String name) {
    return GOLDEN.resolve("onnxruntime/changed-" + name + ".onnx");
  }

  private static List<Double> doubles(LayerConstants constants) {
    return Arrays.stream(constants.scales()).boxed().toList();
  }

  /** The names and operators of a file's nodes. */
  private static List<String> nodes(Path file) throws IOException {
    return OnnxFile.read(file).graph().nodes().stream().map(OnnxNode::place).toList();
  }

  private static LayerConstants held(Network network, String layer) {
    return LayerConstants.of(((DotLayer) network.layer(layer)).integers());
  }

  static Map<String, LayerConstants> drawn(FileConstants constants, Random random) {
    Map<String, LayerConstants> changes = new HashMap<>();
    for (DotLayer layer : constants.network().dotLayers()) {
      constants
          .form(layer.name())
          .ifPresent(form -> changes.put(layer.name(), drawn(layer, form, random)));
    }
    return changes;
  }

  private static LayerConstants drawn(DotLayer layer, ConstantForm form, Random random) {
    LayerConstants given = LayerConstants.of(layer.integers());
    int[] weights = new int[given.weights().length];
    for (int i = 0; i < weights.length; i++) {
      int at = random.nextInt(weights.length);
      weights[i] = given.weights()[at] / 2;
    }
    double[] scales = new double[given.scales().length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] =
          switch (form.scales()) {
            case CHANNELS -> given.scales()[c] * (1 + random.nextDouble());
            case ONE -> given.scales()[c] * 1.7;
            case FIXED -> given.scales()[c];
          };
    }
    int[] bias = given.bias().clone();
    for (int c = 0; c < bias.length; c++) {
      bias[c] += form.bias().max() == 0 ? 0 : random.nextInt(200) - 100;
    }
    return new LayerConstants(weights, scales, bias);
  }
}
