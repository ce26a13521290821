package dev.narrows.hosted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedSession;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.program.ProgramException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxRuntimeTest {
  @ParameterizedTest
  @EnumSource(
      value = NdType.class,
      names = {"COMPLEX64", "COMPLEX128", "FLOAT4E2M1", "FLOAT8E8M0", "UINT2", "INT2"},
      mode = EnumSource.Mode.EXCLUDE)
  void run_arrayOfAnyType_crossesTheDoorUnchanged(NdType type) {
    NdTensor given =
        type == NdType.STRING
            ? NdTensor.of(List.of("a", "", "ß"), 3)
            : new NdTensor(type, List.of(2), bits(type), List.of());
    ModelProto model =
        Graphs.model(
            GraphProto.newBuilder()
                .addInput(Graphs.value("x", type))
                .addNode(Graphs.node("Identity", List.of("x"), "y"))
                .addOutput(Graphs.value("y", type)));

    assertThat(Graphs.ours(model, Map.of("x", given)))
        .isEqualTo(Map.of("y", new HostedValue.Single(given)));
  }

  /** Two elements, the first with its highest bit, none of them a NaN. */
  private static byte[] bits(NdType type) {
    byte[] data = new byte[(int) type.bytes(2)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (type == NdType.BOOL ? i % 2 : type.bits() == 4 ? 0x5a : 0x81 + 3 * i);
    }
    return data;
  }

  @Test
  void run_nodeThatFails_isNamed() {
    ModelProto model =
        Graphs.model(
            GraphProto.newBuilder()
                .addInput(Graphs.value("x", NdType.FLOAT))
                .addInput(Graphs.value("shape", NdType.INT64))
                .addNode(Graphs.node("Reshape", List.of("x", "shape"), "y"))
                .addOutput(Graphs.value("y", NdType.FLOAT)));
    Map<String, NdTensor> inputs =
        Map.of("x", NdTensor.of(new float[6], 6), "shape", NdTensor.of(new long[] {4}, 1));

    assertThatThrownBy(() -> Graphs.ours(model, inputs))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("Reshape \"the Reshape of y\"")
        .hasMessageNotContaining("\n");
  }

  /** The library of version 1.29.0 writes past an array's end, and the system ends its process. */
  @Test
  void run_graphThatEndsTheLibrary_isNamedAndTheNextOneRuns() {
    ModelProto model =
        Graphs.model(
            GraphProto.newBuilder()
                .addInput(Graphs.value("x", NdType.FLOAT))
                .addInput(Graphs.value("scales", NdType.FLOAT))
                .addNode(Graphs.node("Resize", List.of("x", "", "scales"), "y"))
                .addOutput(Graphs.value("y", NdType.FLOAT)));
    float[] scales = new float[118];
    Arrays.fill(scales, 1);
    Map<String, NdTensor> inputs =
        Map.of("x", NdTensor.of(new float[4], 1, 1, 2, 2), "scales", NdTensor.of(scales, 118));

    assertThatThrownBy(() -> Graphs.ours(model, inputs))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("Resize \"the Resize of y\": ONNX Runtime's process ended");
    run_arrayOfAnyType_crossesTheDoorUnchanged(NdType.FLOAT);
  }

  @Test
  void open_modelWithDataInAnotherFile_isRefused(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("data"), new byte[4]);
    TensorProto elsewhere =
        TensorProto.newBuilder()
            .setName("c")
            .setDataType(NdType.FLOAT.number())
            .addDims(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(file.toString()))
            .build();
    ModelProto model =
        Graphs.model(
            GraphProto.newBuilder()
                .addInput(Graphs.value("x", NdType.FLOAT))
                .addInitializer(elsewhere)
                .addNode(Graphs.node("Add", List.of("x", "c"), "y"))
                .addOutput(Graphs.value("y", NdType.FLOAT)));

    assertThatThrownBy(() -> Graphs.RUNTIME.open(model.toByteArray()))
        .isInstanceOf(HostedException.class);
  }

  @Test
  void open_noModel_isRefusedByAProcessThatTheNextThreadHas() throws InterruptedException {
    long before = processes();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(() ->
              assertThatThrownBy(() -> Graphs.RUNTIME.open(new byte[] {1, 2, 3}))
                  .isInstanceOf(HostedException.class));
      thread.start();
      thread.join();
    }
    assertThat(processes()).isLessThanOrEqualTo(before + 1);
  }

  /**
   * The library of version 1.29.0 ends its process where the command line has over 4 KiB, unless
   * the environment says CI: so the length is looked at, too.
   */
  @Test
  void run_classPathOfMoreThanAPage_isNotOnTheCommandLine() throws IOException {
    ModelProto model =
        Graphs.model(
            GraphProto.newBuilder()
                .addInput(Graphs.value("x", NdType.FLOAT))
                .addNode(Graphs.node("Relu", List.of("x"), "y"))
                .addOutput(Graphs.value("y", NdType.FLOAT)));
    Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());
    String own = System.getProperty("java.class.path");
    System.setProperty("java.class.path", own + File.pathSeparator + "x".repeat(10_000));
    try (HostedSession session = RuntimeProcess.start().open(model.toByteArray())) {
      NdTensor given = NdTensor.of(new float[] {-1, 2}, 2);
      assertThat(session.run(Map.of("x", given)))
          .isEqualTo(Map.of("y", new HostedValue.Single(NdTensor.of(new float[] {0, 2}, 2))));
      for (ProcessHandle process : ProcessHandle.current().children().toList()) {
        Path line = Path.of("/proc", String.valueOf(process.pid()), "cmdline"); // on Linux only
        if (!others.contains(process) && Files.exists(line)) {
          assertThat(Files.readAllBytes(line)).hasSizeLessThan(4096);
          assertThat(Files.readString(line.resolveSibling("environ"), ISO_8859_1))
              .contains("ORT_DISABLE_TELEMETRY=1\0"); // else it tells its maker about every use
        }
      }
    } finally {
      System.setProperty("java.class.path", own);
    }
  }

  private static long processes() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
  }

  @Test
  void describe_theLibrary_saysItsVersion() {
    assertThat(Graphs.RUNTIME.describe()).isEqualTo("ONNX Runtime 1.29.0");
  }
}
