package dev.narrows.network.onnx.read;

import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.longs;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxReaderTest {
  @TempDir private Path folder;

  private Network read(GraphProto.Builder graph, ReadOptions options) throws IOException {
    Path file = folder.resolve("net.onnx");
    Files.write(file, model(graph).build().toByteArray());
    return NetworkFiles.read(file, options);
  }

  private static ReadOptions shapes(String name, int size) {
    return new ReadOptions(Map.of(name, size), Map.of());
  }

  @Test
  void read_product_sumsAndNamesItsTensorsInTheFilesOrder() throws IOException {
    Network network = read(product(), ReadOptions.NONE);
    int[] made =
        new ReferenceExecutor(network, LayerRegisters.exact()).run(Words.of(new float[] {1, -2}));
    assertThat(Words.numbers(made)).containsExactly(0, 0); // 1 - 6, 2 - 8, both below 0
    assertThat(FileTensors.of(network).orElseThrow().tensors())
        .extracting(FileTensors.Tensor::name)
        .containsExactly("x", "h", "y");
    assertThat(FileTensors.of(network).orElseThrow().tensors())
        .allMatch(tensor -> tensor.shape().kept() && tensor.shape().dims().equals(List.of(1, 2)));
    assertThat(FileTensors.outputs(network)).containsExactly(network.tensors() - 1);
  }

  /** What goes into a Flatten is the same tensor of the network as what comes out. */
  @Test
  void read_outputThatIsATensorInAnotherShape_isTheOnlyOutput() throws IOException {
    GraphProto.Builder graph =
        product()
            .clearOutput()
            .addNode(node("Flatten", List.of("y"), "flat"))
            .addOutput(value("flat", 1, 1, 2));
    Network network = read(graph, ReadOptions.NONE);
    FileTensors tensors = FileTensors.of(network).orElseThrow();
    assertThat(tensors.outputsOnly(network).tensors())
        .extracting(FileTensors.Tensor::name)
        .containsExactly("flat");
  }

  /** A dimension that no input has may be batch · length: not 1, though it is the first. */
  @Test
  void read_freeDimensionBehindAHostedOperator_isNotTakenForOne() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, 1, -1, 2))
            .addInitializer(longs("flat", new long[] {-1, 2}, 2))
            .addInitializer(longs("whole", new long[] {1, 3, 2}, 3))
            .addNode(node("Reshape", List.of("x", "flat"), "f"))
            .addNode(node("Bernoulli", List.of("f"), "b"))
            .addNode(node("Reshape", List.of("b", "whole"), "y"))
            .addValueInfo(value("b", 1, -1, 2))
            .addOutput(value("y", 1, 1, 3, 2));
    graph.setValueInfo(0, symbol(graph.getValueInfo(0), "n*t"));
    assertThat(read(graph, shapes("n", 3)).input().elements()).isEqualTo(6);
  }

  private static ValueInfoProto symbol(ValueInfoProto value, String name) {
    ValueInfoProto.Builder changed = value.toBuilder();
    changed
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimParam(name);
    return changed.build();
  }

  @Test
  void read_sizeOfOneInput_isThatOfEveryDimensionWithItsName() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, 1, -1))
            .addInput(value("z", 1, 1, -1))
            .addNode(node("Add", List.of("x", "z"), "y"))
            .addOutput(value("y", 1, 1, -1));
    assertThat(read(graph, shapes("x.1", 4)).output().elements()).isEqualTo(4);
  }

  @Test
  void read_freeDimensions_areOneInFrontAndGivenElsewhere() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, -1, 3))
            .addNode(node("Relu", List.of("x"), "y"))
            .addOutput(value("y", 1, -1, 3));
    assertThat(read(graph, ReadOptions.NONE).input().elements()).isEqualTo(3);
    assertThat(read(graph, shapes("n", 4)).input().elements()).isEqualTo(12);
    assertThat(read(graph, shapes("x.0", 5)).input().elements()).isEqualTo(15);
    graph.setInput(0, value("x", 1, 1, -1));
    assertThatThrownBy(() -> read(graph, ReadOptions.NONE))
        .hasMessageContaining("net.onnx: input \"x\": dimension 1 of FLOAT [1, n] is free")
        .hasMessageContaining("--shape n=N");
    assertThat(read(graph, shapes("n", 4)).input().elements()).isEqualTo(4);
    assertThatThrownBy(() -> read(graph, shapes("m", 4)))
        .hasMessageContaining("no free dimension is called \"m\"");
    assertThatThrownBy(() -> read(graph, shapes("n", 0))).hasMessageContaining("at least 1");
  }

  @Test
  void read_boundInput_isAConstant() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, 2, 3))
            .addInput(value("shape", 7, 2))
            .addNode(node("Reshape", List.of("x", "shape"), "y"))
            .addOutput(value("y", 1, 3, 2));
    Network network = read(graph, new ReadOptions(Map.of(), Map.of("shape", "3, -1")));
    assertThat(network.inputs()).containsExactly(0);
    assertThat(FileTensors.of(network).orElseThrow().tensors().getLast().shape().dims())
        .containsExactly(3, 2);
    for (String wrong : List.of("3", "3,x", "3,9223372036854775808")) {
      assertThatThrownBy(() -> read(graph, new ReadOptions(Map.of(), Map.of("shape", wrong))))
          .isInstanceOf(NetworkFileException.class)
          .hasMessageContaining("input \"shape\": --bind: ");
    }
    assertThatThrownBy(() -> read(graph, new ReadOptions(Map.of(), Map.of("no", "1"))))
        .hasMessageContaining("none is called \"no\"");
  }

  @Test
  void read_unsupportedOperators_areListedAtOnceAlsoBehindOneAnother() {
    GraphProto.Builder graph =
        product()
            .addNode(node("Mystery", List.of("y"), "m").setDomain("own"))
            .addNode(node("Relu", List.of("m"), "r"))
            .addNode(node("Riddle", List.of("r"), "z").setDomain("own"));
    graph.setOutput(0, value("z", 1, 1, 2));
    assertThatThrownBy(() -> read(graph, ReadOptions.NONE))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("operators: own.Mystery: ")
        .hasMessageContaining("(\"mystery\"); own.Riddle: ");
  }

  @Test
  void read_malformedNode_isRefusedWithItsPlace() {
    GraphProto.Builder graph = product();
    graph.setInitializer(0, floats("w", new float[6], 3, 2));
    assertThatThrownBy(() -> read(graph, ReadOptions.NONE))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("net.onnx: node 0 MatMul \"matmul\": ");
  }

  @Test
  void read_optionsForAnotherKind_areRefused() throws IOException {
    Path file = Files.write(folder.resolve("net.tflite"), new byte[8]);
    assertThatThrownBy(() -> NetworkFiles.read(file, shapes("n", 1)))
        .hasMessageContaining("have no effect on this kind");
  }
}
