package dev.narrows.network.onnx.graph;

import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.graph;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.narrows.network.onnx.proto.GraphProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that stand before what they read are read behind it, as runtimes do. */
class NodeOrderTest {
  private static OnnxModel read(GraphProto.Builder graph) throws IOException {
    return OnnxFile.of(
        Path.of("order.onnx"), ByteString.copyFrom(model(graph).build().toByteArray()));
  }

  private static List<String> operators(GraphProto.Builder graph) throws IOException {
    return read(graph).graph().nodes().stream().map(OnnxNode::operator).toList();
  }

  @Test
  void read_castBehindItsReader_comesFirst() throws IOException {
    GraphProto.Builder graph = product();
    graph.getNodeBuilder(0).setInput(0, "cast");
    graph.addNode(node("Neg", List.of("x"), "cast"));
    assertThat(operators(graph)).containsExactly("Neg", "MatMul", "Relu");
    assertThat(read(graph).graph().nodes().getFirst().index()).isEqualTo(2); // the file's own
  }

  @Test
  void read_longChainBackwards_isTurnedRound() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder().addInput(value("0", 1, 1)).addOutput(value("20000", 1, 1));
    for (int i = 20_000; i > 0; i--) {
      graph.addNode(node("Relu", List.of(String.valueOf(i - 1)), String.valueOf(i)));
    }
    assertThat(read(graph).graph().nodes().getFirst().inputs()).containsExactly("0");
  }

  @Test
  void read_branchThatReadsALaterValue_comesBehindIt() throws IOException {
    assertThat(operators(chooser("late").addNode(node("Neg", List.of("x"), "late"))))
        .containsExactly("Greater", "Neg", "If");
  }

  @Test
  void read_branchWithANameOfItsOwn_staysBeforeItsNamesake() throws IOException {
    assertThat(operators(chooser("own").addNode(node("Neg", List.of("y"), "own"))))
        .containsExactly("Greater", "If", "Neg");
  }

  /** y = x > w ? Relu(read) : Relu(read), where each branch makes a value "own". */
  private static GraphProto.Builder chooser(String read) {
    GraphProto.Builder branch =
        GraphProto.newBuilder()
            .addNode(node("Abs", List.of("x"), "own"))
            .addNode(node("Relu", List.of(read), "result"))
            .addOutput(value("result", 1, 1));
    return GraphProto.newBuilder()
        .addInput(value("x", 1, 1))
        .addInitializer(floats("w", new float[] {0}, 1))
        .addNode(node("Greater", List.of("x", "w"), "condition"))
        .addNode(
            node("If", List.of("condition"), "y")
                .addAttribute(graph("then_branch", branch))
                .addAttribute(graph("else_branch", branch)))
        .addOutput(value("y", 1, 1));
  }

  @Test
  void read_cycle_isRefused() {
    GraphProto.Builder graph = product();
    graph.getNodeBuilder(0).setInput(0, "y");
    assertThatThrownBy(() -> read(graph))
        .hasMessageContaining("node 0 MatMul \"matmul\"")
        .hasMessageContaining("makes only afterwards (a cycle)");
  }

  @Test
  void read_noteOfAConstant_doesNotCount() throws IOException {
    OnnxModel read = read(product().addValueInfo(value("w", 10, 3)));
    assertThat(read.graph().types()).doesNotContainKey("w");
  }
}
