package dev.narrows.network.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatNetworkFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve(NetworkFiles.IN_RUN_FOLDER);
  }

  private static Network network(long seed) {
    Random random = new Random(seed);
    return seed % 2 == 0 ? FloatNetworks.images(random) : FloatNetworks.tokens(random);
  }

  @Test
  void network_randomOnes_readBackEqual() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Network network = network(seed);
      NarrowsWriter.write(network, file());
      assertThat(NetworkFiles.read(file())).as("seed %d", seed).isEqualTo(network);
    }
  }

  @Test
  void network_pinnedLayer_keepsItsRegister() throws IOException {
    Network network = network(0);
    DotLayer second = network.dotLayers().getFirst();
    Network pinned =
        network.withLayer(
            1, second.withOperands(second.operands().pinnedTo(Summation.parse("exact"))));
    NarrowsWriter.write(pinned, file());
    assertThat(NetworkFiles.read(file())).isEqualTo(pinned).isNotEqualTo(network);
  }

  @Test
  void version_isTheFirstThatCanSayIt() throws IOException {
    NarrowsWriter.write(RandomNetworks.network(new Random(3), 6), file());
    assertThat(graph()).startsWith("{\"schema\":\"narrows/network/1\"");
    NarrowsWriter.write(network(0), file());
    assertThat(graph()).startsWith("{\"schema\":\"narrows/network/2\"");
  }

  private String graph() throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file())) {
      return tensors.metadata().getOrDefault("network", "");
    }
  }

  /** Changes text of the graph in place, without moving a byte. */
  private void assertRefused(long seed, String from, String to, String message) throws IOException {
    assertThat(to).hasSameSizeAs(from);
    NarrowsWriter.write(network(seed), file());
    String text = Files.readString(file(), StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    int at = text.indexOf(from);
    Files.writeString(
        file(),
        text.substring(0, at) + to + text.substring(at + from.length()),
        StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(file()))
        .withMessageStartingWith(file().toString())
        .withMessageContaining(message);
  }

  @Test
  void graph_hostileValues_areRefusedNamingThePlace() throws IOException {
    assertRefused(
        0, "\\\"float32\\\"", "\\\"float99\\\"", "must be int<bits>, uint<bits> or float32");
    assertRefused(0, "\\\"relu\\\":true", "\\\"relu\\\":\\\"no", "not valid JSON");
    assertRefused(1, "\\\"rows\\\":16", "\\\"rows\\\":99", "tensor \"layer0.table\"");
    assertRefused(1, "\\\"heads\\\":4", "\\\"heads\\\":0", "heads must be a positive multiple");
    assertRefused(1, "\\\"scale\\\":0.4", "\\\"scale\\\":0.0", "scale must be finite and positive");
    assertRefused(1, "\\\"causal\\\":", "\\\"cousal\\\":", "missing key \"causal\"");
    assertRefused(1, "\\\"scores\\\"", "\\\"scares\\\"", "\"form\" must be scores or mix");
    assertRefused(
        1, "\\\"base\\\":10000.0", "\\\"base\\\":0.00000", "base must be finite and above 1");
    assertRefused(1, "\\\"headSize\\\":", "\\\"bodySize\\\":", "missing key \"headSize\"");
    assertRefused(1, "layer0.table", "layer0.tabla", "tensor");
  }

  @Test
  void numbers_notFinite_areRefused() throws IOException {
    NarrowsWriter.write(network(1), file());
    byte[] bytes = Files.readAllBytes(file());
    int data = 8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    bytes[data + 2] = (byte) 0xFF; // the first embedding becomes NaN
    bytes[data + 3] = 0x7F;
    Files.write(file(), bytes);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(file()))
        .withMessageContaining("layers[0]: embeddings must be finite, got NaN");
  }

  @Test
  void weights_storedInEightBits_areCodes() throws IOException {
    FloatDotWeights weights =
        new FloatDotWeights(2, 3, new float[] {1, -0.3f, 0.001f, 90, -2, 0.7f})
            .rounded(new FloatingFormat(4, 3, 6));
    TensorType in = TensorType.floats(3, 1, 1);
    TensorType out = TensorType.floats(2, 1, 1).stored(new FloatingFormat(2, 4, 9));
    FloatOperands operands = new FloatOperands(weights, new float[2], false);
    Network network = new Network("fp8", in, List.of(new Dense("fc", 0, out, operands)), Map.of());
    NarrowsWriter.write(network, file());
    assertThat(NetworkFiles.read(file())).isEqualTo(network);
    try (SafetensorsFile tensors = SafetensorsFile.open(file())) {
      assertThat(tensors.entry("fc.weights").type()).isEqualTo(SafetensorsType.U8);
    }
  }
}
