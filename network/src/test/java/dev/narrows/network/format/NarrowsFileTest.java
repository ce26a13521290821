package dev.narrows.network.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NarrowsFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve(NetworkFiles.IN_RUN_FOLDER);
  }

  @Test
  void network_randomOnes_readBackEqual() throws IOException {
    long seed = 400;
    for (int round = 0; round < 60; round++) {
      Network network = RandomNetworks.network(new Random(seed + round), 12);
      NarrowsWriter.write(network, file());
      assertThat(NetworkFiles.read(file())).as("seed %d", seed + round).isEqualTo(network);
      assertThat(NetworkFiles.read(folder)).isEqualTo(network);
    }
  }

  @Test
  void network_writtenTwice_givesTheSameBytes() throws IOException {
    Network network = RandomNetworks.network(new Random(1), 12);
    NarrowsWriter.write(network, file());
    byte[] first = Files.readAllBytes(file());
    NarrowsWriter.write(NetworkFiles.read(file()), file());
    assertThat(Files.readAllBytes(file())).isEqualTo(first);
  }

  @Test
  void network_whoseOnlyTensorIsAnEmptyListOfThresholds_readsBackEqual() throws IOException {
    Quantization codes = new Quantization(IntegerFormat.signed(8), 1, 0);
    TensorType type = new TensorType(2, 3, 3, codes);
    for (int rows : new int[] {1, 2}) {
      Rescale constant = new Rescale("r", 0, type, new Thresholds(new long[rows][0], 5));
      Network network = new Network("empty", type, List.of(constant), Map.of());
      NarrowsWriter.write(network, file());
      assertThat(NetworkFiles.read(file())).isEqualTo(network);
    }
  }

  /** Changes the header's text; offsets stay, the length follows. */
  private void rewrite(UnaryOperator<String> change) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
    int length = Math.toIntExact(bytes.getLong());
    byte[] header = new byte[length];
    bytes.get(header);
    String before = new String(header, StandardCharsets.UTF_8);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    byte[] changed = after.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + changed.length + bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(changed.length).put(changed).put(bytes);
    Files.write(file(), out.array());
  }

  private void assertRefused(String message, UnaryOperator<String> change) throws IOException {
    NarrowsWriter.write(RandomNetworks.network(new Random(2), 12), file());
    rewrite(change);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(file()))
        .withMessageStartingWith(file().toString())
        .withMessageContaining(message);
  }

  @Test
  void graph_ofANewerVersion_isRefusedSayingSo() throws IOException {
    assertRefused(
        "\"schema\" is \"narrows/network/3\", of another version of Narrows; this one reads"
            + " \"narrows/network/1\" to \"narrows/network/2\"",
        header -> header.replace("narrows/network/1", "narrows/network/3"));
    assertRefused(
        "\"schema\" must be \"narrows/network/2\", got \"onnx\"",
        header -> header.replace("narrows/network/1", "onnx"));
  }

  @Test
  void graph_unknownOrMissingKey_isRefusedNamingThePlace() throws IOException {
    assertRefused(
        "graph: unknown key \"extra\"",
        header -> header.replace("\\\"layers\\\":", "\\\"extra\\\":1,\\\"layers\\\":"));
    assertRefused(
        "layers[0]: missing key \"kind\"",
        header -> header.replaceFirst("\\\\\"kind\\\\\":\\\\\"[a-zA-Z0-9]*\\\\\",", ""));
    assertRefused(
        "layers[0]: unknown kind of layer \"teleport\"",
        header ->
            header.replaceFirst(
                "\\\\\"kind\\\\\":\\\\\"[a-zA-Z0-9]*\\\\\"",
                "\\\\\"kind\\\\\":\\\\\"teleport\\\\\""));
  }

  @Test
  void graph_layerReadingALaterTensor_isRefused() throws IOException {
    assertRefused(
        "must read tensors 0 to 0",
        header -> header.replaceFirst("\\\\\"inputs\\\\\":\\[0", "\\\\\"inputs\\\\\":[9"));
  }

  @Test
  void graph_badScales_areRefused() throws IOException {
    String scale = "\\\\\"scale\\\\\":[0-9.eE-]+";
    assertRefused(
        "input: scale must be finite and positive, got Infinity",
        header -> header.replaceFirst(scale, "\\\\\"scale\\\\\":1e999"));
    assertRefused(
        "scale must be finite and positive, got 0.0",
        header -> header.replaceFirst(scale, "\\\\\"scale\\\\\":0"));
    // codes are 8 bits or fewer: none of them would be 0, which padding needs
    assertRefused(
        "zero point must be in",
        header ->
            header.replaceFirst("\\\\\"zeroPoint\\\\\":-?[0-9]+", "\\\\\"zeroPoint\\\\\":300"));
    assertRefused("not valid JSON", header -> header.replaceFirst(scale, "\\\\\"scale\\\\\":NaN"));
  }

  @Test
  void graph_deepJson_isRefused() throws IOException {
    assertRefused(
        "graph: not valid JSON",
        header ->
            header.replace(
                "\\\"layers\\\":",
                "\\\"deep\\\":" + "[".repeat(9000) + "]".repeat(9000) + ",\\\"layers\\\":"));
  }

  @Test
  void tensor_thatBelongsToNoLayer_isRefused() throws IOException {
    assertRefused(
        "belongs to no layer",
        header ->
            header.replaceFirst(
                "\\{\"__metadata__\"",
                "{\"stray\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
                    + "\"__metadata__\""));
  }

  @Test
  void tensor_ofAnotherShapeOrType_isRefused() throws IOException {
    assertRefused(
        "expected I32", header -> header.replaceFirst("\"dtype\":\"I32\"", "\"dtype\":\"F32\""));
    assertRefused(
        ".scales\": expected F64 [",
        header ->
            header.replaceFirst(
                "(\\.scales\":\\{\"dtype\":\"F64\",\"shape\":)\\[(\\d+)\\]", "$1[1,$2]"));
  }

  @Test
  void weights_nanScaleOrBeyondTheirWidth_areRefused() throws IOException {
    Network network = RandomNetworks.network(new Random(2), 12);
    NarrowsWriter.write(network, file());
    byte[] bytes = Files.readAllBytes(file());
    int data = 8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int i = data; i < data + 8; i++) {
      bytes[i] = (byte) 0xFF; // the widest tensors come first: a scale
    }
    Files.write(file(), bytes);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(file()))
        .withMessageContaining("weight scales must be finite and positive, got NaN");
    assertRefused(
        "weights must be in int",
        header -> header.replaceAll("\\\\\"bits\\\\\":\\d", "\\\\\"bits\\\\\":1"));
  }

  @Test
  void file_truncatedAnywhere_isRefused() throws IOException {
    NarrowsWriter.write(RandomNetworks.network(new Random(2), 12), file());
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length += 1 + whole.length / 97) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      assertThatExceptionOfType(NetworkFileException.class)
          .as("%d of %d bytes", length, whole.length)
          .isThrownBy(() -> NetworkFiles.read(file()));
    }
  }

  @Test
  void file_randomlyDamaged_givesANetworkOrTheTypedException() throws IOException {
    long seed = 77;
    Random random = new Random(seed);
    NarrowsWriter.write(RandomNetworks.network(new Random(2), 12), file());
    byte[] whole = Files.readAllBytes(file());
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) (32 + random.nextInt(95));
      }
      Files.write(file(), damaged);
      try {
        assertThat(NetworkFiles.read(file()).layers()).as("seed %d", seed).isNotEmpty();
      } catch (NetworkFileException e) {
        assertThat(e).hasMessageStartingWith(file().toString());
        refused++;
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(300);
  }

  @Test
  void read_otherFiles_sayWhatIsExpected() throws IOException {
    Path other = Files.writeString(folder.resolve("model.txt"), "text");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(other))
        .withMessageContaining("expected a Narrows network (.narrows)");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(folder))
        .withMessageContaining("missing; is this a run folder?");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(folder.resolve("absent.narrows")))
        .withMessageContaining("no such file");
  }

  @Test
  void sha256_knownText_isTheKnownDigest() throws IOException {
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(NetworkFiles.sha256(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
