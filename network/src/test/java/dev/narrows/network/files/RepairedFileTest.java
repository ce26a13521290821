package dev.narrows.network.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changed networks in the formats of their files. */
class RepairedFileTest {
  private static final Path FILES = Path.of("src/test/resources/golden/litert/operators");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"conv-same-relu6.tflite", "batch-dense-images.tflite"})
  void write_halvedWeights_isReadAsIntended(String name) throws IOException {
    Path file = FILES.resolve(name);
    Network changed = halved(RepairedFile.open(file, ReadOptions.NONE));
    Path out = folder.resolve(name);
    RepairedFile.write(file, ReadOptions.NONE, changed, out);
    assertThat(NetworkFiles.read(out).layers()).isEqualTo(changed.layers());
  }

  @Test
  void write_ownFormat_isReadAsIntended() throws IOException {
    Network network = NetworkFiles.read(FILES.resolve("conv-same-relu6.tflite"));
    Path file = folder.resolve("own.narrows");
    NarrowsWriter.write(network, file);
    FileConstants own = RepairedFile.open(file, ReadOptions.NONE);
    Network changed = halved(own);
    Path out = folder.resolve("changed.narrows");
    RepairedFile.write(file, ReadOptions.NONE, changed, out);
    assertThat(NetworkFiles.read(out).layers()).isEqualTo(changed.layers());
    assertThat(changed.layers())
        .isEqualTo(
            halved(RepairedFile.open(FILES.resolve("conv-same-relu6.tflite"), ReadOptions.NONE))
                .layers());
  }

  @Test
  void write_requantisationThatTheScalesDoNotGive_isRefused() throws IOException {
    Path file = FILES.resolve("conv-same-relu6.tflite");
    Network network = NetworkFiles.read(file);
    DotLayer layer = network.dotLayers().getFirst();
    Network other = halved(RepairedFile.open(file, ReadOptions.NONE));
    DotLayer odd =
        layer.withOperands(
            new IntegerOperands(
                layer.integers().weights(),
                layer.integers().bias(),
                other.dotLayers().getFirst().requantization(),
                layer.integers().zero(),
                layer.integers().biasPlacement(),
                layer.integers().pinned()));
    Path out = folder.resolve("odd.tflite");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() ->
            RepairedFile.write(
                file,
                ReadOptions.NONE,
                network.withLayer(network.layers().indexOf(layer), odd),
                out))
        .withMessageContaining(layer.name());
    assertThat(out).doesNotExist();
  }

  @Test
  void write_overTheModel_isRefused() throws IOException {
    Path file = Files.copy(FILES.resolve("conv-same-relu6.tflite"), folder.resolve("a.tflite"));
    Network network = NetworkFiles.read(file);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> RepairedFile.write(file, ReadOptions.NONE, network, file))
        .withMessageContaining("stays as it is");
  }

  /** Every weight halved toward zero at twice the scale. */
  private static Network halved(FileConstants constants) throws IOException {
    Map<String, LayerConstants> changes = new HashMap<>();
    for (DotLayer layer : constants.network().dotLayers()) {
      LayerConstants given = LayerConstants.of(layer.integers());
      int[] weights = given.weights().clone();
      double[] scales = given.scales().clone();
      int[] bias = given.bias().clone();
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= 2;
      }
      for (int c = 0; c < scales.length; c++) {
        scales[c] *= 2;
        bias[c] /= 2;
      }
      changes.put(layer.name(), new LayerConstants(weights, scales, bias));
    }
    return constants.with(changes);
  }
}
