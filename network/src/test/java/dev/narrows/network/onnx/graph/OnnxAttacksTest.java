package dev.narrows.network.onnx.graph;

import static dev.narrows.network.onnx.graph.SmallOnnx.constant;
import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.graph;
import static dev.narrows.network.onnx.graph.SmallOnnx.integer;
import static dev.narrows.network.onnx.graph.SmallOnnx.longs;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.tensor;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.SparseTensorProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made to mislead the reader: each is refused with file, place and expectation. */
class OnnxAttacksTest {
  private static OnnxModel read(byte[] bytes) throws IOException {
    return OnnxFile.of(Path.of("attack.onnx"), ByteString.copyFrom(bytes));
  }

  @Test
  void read_soundFile_hasItsNodesAndConstants() throws IOException {
    OnnxModel read = read(model(product()).build().toByteArray());
    assertThat(read.opset()).isEqualTo(18);
    assertThat(read.graph().nodes())
        .extracting(OnnxNode::operator)
        .containsExactly("MatMul", "Relu");
    assertThat(constant(read, "w").floats()).containsExactly(1, 2, 3, 4);
    assertThat(read.graph().required()).extracting(OnnxValueInfo::name).containsExactly("x");
  }

  private static Arguments attack(String name, Consumer<GraphProto.Builder> spoil, String... said) {
    return arguments(name, spoil, said);
  }

  private static Consumer<GraphProto.Builder> weight(TensorProto.Builder tensor) {
    return g -> g.setInitializer(0, tensor.setName("w"));
  }

  static Stream<Arguments> spoiled() {
    return Stream.of(
        attack(
            "a dangling edge",
            g -> g.getNodeBuilder(0).setInput(1, "v"),
            "node 0 MatMul",
            "reads \"v\", which nothing makes"),
        attack(
            "a cycle",
            g -> g.getNodeBuilder(0).setInput(0, "y"),
            "node 0 MatMul",
            "reads \"y\", which node 1 Relu",
            "a cycle"),
        attack(
            "a node that reads its own output",
            g -> g.getNodeBuilder(0).setInput(0, "h"),
            "node 0 MatMul",
            "reads \"h\", which node 0"),
        attack(
            "a name made twice",
            g -> g.getNodeBuilder(1).setOutput(0, "h"),
            "node 1 Relu",
            "makes \"h\", which is there already"),
        attack("an input made again", g -> g.getNodeBuilder(1).setOutput(0, "x"), "there already"),
        attack("an input twice", g -> g.addInput(value("x", 1, 1, 2)), "inputs", "\"x\""),
        attack("an output twice", g -> g.addOutput(value("y", 1, 1, 2)), "outputs", "twice"),
        attack("an initializer twice", g -> g.addInitializer(g.getInitializer(0)), "twice"),
        attack("an output nobody makes", g -> g.setOutput(0, value("z", 1)), "nothing makes \"z\""),
        attack("no operator", g -> g.getNodeBuilder(1).clearOpType(), "node 1", "no operator"),
        attack("a negative dimension", weight(tensor("", 1, -2, 2)), "\"w\"", "0 to 2^31 - 1"),
        attack("a huge dimension", weight(tensor("", 1, 1L << 40, 2)), "\"w\"", "0 to 2^31 - 1"),
        attack(
            "dimensions that overflow", weight(tensor("", 1, 1L << 30, 1L << 30, 16)), "2^31 - 1"),
        attack("huge and empty", weight(tensor("", 1, 1L << 30, 1L << 30, 0)), "2^31 - 1"),
        attack("more bytes than an array holds", weight(tensor("", 11, 1L << 30)), "2^31 - 9"),
        attack("a hundred dimensions", weight(tensor("", 1, new long[100])), "at most 64"),
        attack("no data", weight(tensor("", 1, 2, 2)), "\"w\"", "needs 4 numbers, got 0"),
        attack("too little data", weight(floats("", new float[3], 2, 2)), "needs 16 bytes, got 12"),
        attack("an unknown type", weight(tensor("", 99, 2, 2)), "type of 1 to 26, got 99"),
        attack("data of another type", weight(tensor("", 1, 1).addInt64Data(1)), "not for FLOAT"),
        attack(
            "data in two places",
            weight(floats("", new float[1], 1).addFloatData(1)),
            "two places"),
        attack(
            "a byte of 300", weight(tensor("", 2, 1).addInt32Data(300)), "300 does not fit UINT8"),
        attack(
            "a byte of -129",
            weight(tensor("", 3, 1).addInt32Data(-129)),
            "-129 does not fit INT8"),
        attack(
            "too few bytes of four bits", weight(tensor("", 22, 3).addInt32Data(0x21)), "needs 2"),
        attack(
            "strings as bytes",
            weight(tensor("", 8, 1).setRawData(ByteString.copyFromUtf8("a"))),
            "raw_data"),
        attack(
            "a segment",
            weight(tensor("", 1, 0).setSegment(TensorProto.Segment.newBuilder())),
            "segment"),
        attack(
            "a constant of another shape than declared",
            g -> g.addInput(value("w", 1, 2, 3)),
            "initializer \"w\"",
            "is FLOAT [2, 2], but is declared as FLOAT [2, 3]"),
        attack(
            "a constant of another type than declared",
            g -> g.addInput(value("w", 6, 2, 2)),
            "declared as INT32"),
        attack(
            "a declared dimension of -5",
            g ->
                g.setInput(
                    0,
                    value("x", 1).toBuilder()
                        .setType(
                            value("x", 1, 0).getType().toBuilder()
                                .setTensorType(
                                    value("x", 1, 0).getType().getTensorType().toBuilder()
                                        .setShape(
                                            value("x", 1, 0)
                                                .getType()
                                                .getTensorType()
                                                .getShape()
                                                .toBuilder()
                                                .setDim(
                                                    0,
                                                    dev.narrows.network.onnx.proto.TensorShapeProto
                                                        .Dimension.newBuilder()
                                                        .setDimValue(-5)))))
                        .build()),
            "value \"x\"",
            "got -5"),
        attack(
            "an attribute twice",
            g -> g.getNodeBuilder(1).addAttribute(integer("a", 1)).addAttribute(integer("a", 1)),
            "attribute \"a\"",
            "twice"),
        attack(
            "an attribute of another type",
            g -> g.getNodeBuilder(1).addAttribute(integer("a", 1).setF(1)),
            "expected a value of type INT"),
        attack(
            "an attribute without a value",
            g -> g.getNodeBuilder(1).addAttribute(AttributeProto.newBuilder().setName("a")),
            "one value"),
        attack(
            "an attribute of a function outside any",
            g -> g.getNodeBuilder(1).addAttribute(integer("a", 1).clearI().setRefAttrName("b")),
            "is in none"),
        attack(
            "a graph that reads what nothing makes",
            g ->
                g.addNode(
                    node("If", List.of("x"), "z")
                        .addAttribute(
                            graph(
                                "then_branch",
                                GraphProto.newBuilder()
                                    .addNode(node("Relu", List.of("q"), "r"))
                                    .addOutput(value("r", 1))))),
            "node 2 If",
            "then_branch: node 0 Relu",
            "nothing makes"),
        attack(
            "sparse and huge",
            sparse(new long[] {0}, 1, 1 << 14, 1 << 14),
            "too many for a file of"),
        attack("sparse with an index outside", sparse(new long[] {4}, 1, 2, 2), "stay below 4"),
        attack(
            "sparse with falling indices", sparse(new long[] {1, 0}, 2, 2, 2), "indices must rise"),
        attack(
            "sparse with indices of another number",
            sparse(new long[] {1, 0}, 1, 2, 2),
            "expected INT64 indices"));
  }

  private static Consumer<GraphProto.Builder> sparse(long[] indices, int values, long... dims) {
    SparseTensorProto.Builder sparse =
        SparseTensorProto.newBuilder()
            .setValues(floats("s", new float[values], values))
            .setIndices(longs("", indices, indices.length));
    Arrays.stream(dims).forEach(sparse::addDims);
    return g -> g.addSparseInitializer(sparse);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoiled")
  void read_spoiledPart_isRefusedByName(
      String name, Consumer<GraphProto.Builder> spoil, String... said) {
    GraphProto.Builder graph = product();
    spoil.accept(graph);
    assertThatThrownBy(() -> read(model(graph).build().toByteArray()))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("attack.onnx: ")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).contains(said));
  }

  @Test
  void read_noGraphOrOpset_isRefused() throws IOException {
    assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("has no graph");
    ModelProto.Builder model = model(product());
    assertThatThrownBy(() -> read(model.clearOpsetImport().build().toByteArray()))
        .hasMessageContaining("opset_import");
    assertThat(read(model.clone().setIrVersion(2).build().toByteArray()).opset()).isEqualTo(1);
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(1L << 40));
    assertThatThrownBy(() -> read(model.build().toByteArray())).hasMessageContaining("2^31 - 1");
  }

  @Test
  void read_nestedGroups_areRefusedAtOnce() {
    byte[] groups = new byte[1 << 20];
    Arrays.fill(groups, (byte) (15 << 3 | 3));
    assertThatThrownBy(() -> read(groups))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("groups");
  }

  @Test
  void read_graphsInGraphsInGraphs_areRefused() {
    GraphProto.Builder inner = GraphProto.newBuilder();
    for (int i = 0; i < 60; i++) {
      inner =
          GraphProto.newBuilder()
              .addNode(node("If", List.of(), "y" + i).addAttribute(graph("then_branch", inner)));
    }
    byte[] bytes = model(inner).build().toByteArray();
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("nested");
  }

  /** Two bytes of the file would make an object of more than a hundred. */
  @Test
  void read_millionsOfEmptyNodes_areRefusedBeforeTheyAreParsed() {
    byte[] nodes = new byte[8 << 20];
    for (int i = 0; i < nodes.length; i += 2) {
      nodes[i] = 1 << 3 | 2; // node, of length 0
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(7 << 3 | 2); // graph
    for (int length = nodes.length; length > 0; length >>>= 7) {
      bytes.write(length & 0x7F | (length >>> 7 > 0 ? 0x80 : 0));
    }
    bytes.writeBytes(nodes);
    assertThatThrownBy(() -> read(bytes.toByteArray()))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("too many for its size");
  }

  @Test
  void read_everyTruncation_isRefusedOrStillWhole() {
    byte[] whole = model(product()).build().toByteArray();
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        read(cut);
      } catch (IOException typed) {
        assertThat(typed).isInstanceOf(NetworkFileException.class);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length - 4);
  }
}
