package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that hold some elements of their weights only. */
class SparseContentTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/litert/operators");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sparse-int8", "sparse-blocks-int8", "sparse-read"})
  void file_anyByteChanged_isReadOrRefused(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(name + ".tflite"));
    Path file = Path.of("changed.tflite"); // in memory: thousands of files would take longer
    int refused = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte kept = bytes[i];
      for (byte other : new byte[] {0, (byte) (kept + 1), (byte) 0xFF}) {
        bytes[i] = other;
        try {
          FlatModel model = FlatModel.of(FlatBytes.of(file, ByteBuffer.wrap(bytes)));
          Network read = new GraphImport(model).network("changed");
          assertThat(read.layers()).isNotEmpty();
        } catch (NetworkFileException e) {
          refused++; // anything else fails the test
        }
      }
      bytes[i] = kept;
    }
    assertThat(refused).isPositive();
  }

  @Test
  void placeBeyondTheDimension_isRefusedNamingIt() throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve("sparse-int8.tflite"));
    FlatModel model = FlatModel.of(FlatBytes.map(FOLDER.resolve("sparse-int8.tflite")));
    FlatTable levels = model.tensors().table(1).table(6, "sparsity");
    FlatVector places =
        levels.vector(2, 4, "dim_metadata").table(1).table(5, "indices").vector(0, 1, "values");
    bytes[places.at()] = 16;
    Path file = folder.resolve("beyond.tflite");
    Files.write(file, bytes);
    assertThatThrownBy(() -> new TfliteReader().read(file))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("element 16 of dimension 1 of [8, 16]");
  }
}
