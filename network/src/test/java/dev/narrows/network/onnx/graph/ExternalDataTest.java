package dev.narrows.network.onnx.graph;

import static dev.narrows.network.onnx.graph.SmallOnnx.constant;
import static dev.narrows.network.onnx.graph.SmallOnnx.entry;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder of an attacker: constants may lie in it, and nowhere else. */
class ExternalDataTest {
  @TempDir private Path outside;

  private Path folder = Path.of("");

  @BeforeEach
  void files() throws IOException {
    folder = Files.createDirectory(outside.resolve("model"));
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      bytes.putFloat(i);
    }
    Files.write(outside.resolve("secret"), bytes.array());
    Files.write(folder.resolve("data"), bytes.array());
    Files.createDirectory(folder.resolve("sub"));
    Files.write(folder.resolve("sub/data"), bytes.array());
    Files.createSymbolicLink(folder.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("here"), folder.resolve("data"));
    Files.createSymbolicLink(folder.resolve("away"), outside);
    Files.createLink(folder.resolve("hard"), outside.resolve("secret"));
  }

  private OnnxModel read(StringStringEntryProto... entries) throws IOException {
    return read(1, entries);
  }

  private OnnxModel read(int copies, StringStringEntryProto... entries) throws IOException {
    GraphProto.Builder graph = product();
    graph.clearInitializer();
    for (int i = 0; i < copies; i++) {
      graph.addInitializer(
          tensor(i == 0 ? "w" : "w" + i, 1, 2, 2)
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addAllExternalData(List.of(entries)));
    }
    Path file = folder.resolve("m.onnx");
    Files.write(file, model(graph).build().toByteArray());
    return OnnxFile.read(file);
  }

  @Test
  void read_dataInTheFolder_isRead() throws IOException {
    OnnxModel whole = read(entry("location", "data"));
    assertThat(constant(whole, "w").floats()).containsExactly(0, 1, 2, 3);
    OnnxModel part =
        read(entry("location", "sub/data"), entry("offset", "8"), entry("length", "16"));
    assertThat(constant(part, "w").floats()).containsExactly(2, 3, 4, 5);
  }

  @Test
  void read_onePartByAHundredTensors_isOneArray() throws IOException {
    OnnxModel read = read(100, entry("location", "data"));
    assertThat(constant(read, "w99").data()).isSameAs(constant(read, "w").data());
  }

  static Stream<Arguments> outsides() {
    return Stream.of(
        arguments("../secret", "leaves the model's folder"),
        arguments("sub/../../secret", "leaves the model's folder"),
        arguments("sub/../data", "leaves the model's folder"),
        arguments("/etc/passwd", "must be a path in the model's folder"),
        arguments("C:\\secret", "must be a path in the model's folder"),
        arguments("..\\secret", "must be a path in the model's folder"),
        arguments("", "must be a path in the model's folder"),
        arguments("a\0b", "is no file"),
        arguments("link", "is a link"),
        arguments("here", "is a link"),
        arguments("away/secret", "goes through a link"),
        arguments("hard", "a hard link"),
        arguments("sub", "no file of the model's folder"),
        arguments("missing", "no file of the model's folder"));
  }

  @ParameterizedTest
  @MethodSource("outsides")
  void read_locationOutside_isRefused(String location, String said) {
    assertThatThrownBy(() -> read(entry("location", location)))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("m.onnx: initializer \"w\": external data: ")
        .hasMessageContaining(said);
  }

  static Stream<Arguments> parts() {
    return Stream.of(
        arguments("offset", "9", "outside the file"),
        arguments("offset", "9223372036854775807", "outside the file"),
        arguments("offset", "-1", "whole number from 0"),
        arguments("offset", "x", "whole number from 0"),
        arguments("length", "12", "needs 16 bytes, the file says 12"),
        arguments("length", "99999999999999999999", "whole number from 0"),
        arguments("location", "sub/data", "two entries of one key"));
  }

  @ParameterizedTest
  @MethodSource("parts")
  void read_partThatIsNotThere_isRefused(String key, String value, String said) {
    assertThatThrownBy(() -> read(entry("location", "data"), entry(key, value)))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining(said);
  }

  @Test
  void read_dataHereAndElsewhere_isRefused() {
    GraphProto.Builder graph = product();
    graph
        .getInitializerBuilder(0)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", "data"));
    assertThatThrownBy(
            () -> {
              Path file = folder.resolve("two.onnx");
              Files.write(file, model(graph).build().toByteArray());
              OnnxFile.read(file);
            })
        .hasMessageContaining("in two places");
  }
}
