package dev.narrows.network.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hash of an ONNX model is that of all its files. */
class PartsHashTest {
  @TempDir private Path folder;

  @BeforeEach
  void constants() throws IOException {
    Files.write(folder.resolve("a.data"), new byte[8]);
    Files.write(folder.resolve("b.data"), new byte[8]);
  }

  private Path model(String name, String... files) throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (String file : files) {
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(file)
              .setDataType(TensorProto.DataType.FLOAT_VALUE)
              .addDims(2)
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(
                  StringStringEntryProto.newBuilder().setKey("location").setValue(file)));
    }
    Path path = folder.resolve(name);
    Files.write(
        path, ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray());
    return path;
  }

  @Test
  void sha256OfParts_modelWithItsConstants_isThatOfTheFile() throws IOException {
    Path whole = model("whole.onnx");
    assertThat(NetworkFiles.sha256OfParts(whole)).isEqualTo(NetworkFiles.sha256(whole));
  }

  /** As {@code sha256sum a.data b.data m.onnx | sha256sum} has it. */
  @Test
  void sha256OfParts_constantsInFiles_isThatOfTheListOfHashes()
      throws IOException, GeneralSecurityException {
    Path model = model("m.onnx", "b.data", "a.data");
    StringBuilder lines = new StringBuilder();
    for (String name : new String[] {"a.data", "b.data", "m.onnx"}) {
      lines.append(NetworkFiles.sha256(folder.resolve(name)) + "  " + name + "\n");
    }
    byte[] list = lines.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(NetworkFiles.sha256OfParts(model))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(list)));
  }

  @Test
  void sha256OfParts_constantsChanged_isAnother() throws IOException {
    Path model = model("m.onnx", "a.data");
    String before = NetworkFiles.sha256OfParts(model);
    Files.write(folder.resolve("a.data"), new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    assertThat(NetworkFiles.sha256OfParts(model)).isNotEqualTo(before);
  }

  @Test
  void sha256OfParts_constantsMissing_namesTheModel() throws IOException {
    Path model = model("m.onnx", "none.data");
    assertThatThrownBy(() -> NetworkFiles.sha256OfParts(model))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("m.onnx");
  }
}
