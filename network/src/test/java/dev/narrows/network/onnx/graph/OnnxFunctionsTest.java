package dev.narrows.network.onnx.graph;

import static dev.narrows.network.onnx.graph.SmallOnnx.graph;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.number;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.FunctionProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OnnxFunctionsTest {
  private static FunctionProto.Builder function(String name, String input, String output) {
    return FunctionProto.newBuilder()
        .setDomain("own")
        .setName(name)
        .addInput(input)
        .addOutput(output)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18));
  }

  private static GraphProto.Builder calls(String... functions) {
    GraphProto.Builder graph = GraphProto.newBuilder().addInput(value("x", 1, 1, 2));
    String last = "x";
    for (int i = 0; i < functions.length; i++) {
      graph.addNode(node(functions[i], List.of(last), "y" + i).setDomain("own"));
      last = "y" + i;
    }
    return graph.addOutput(value(last, 1, 1, 2));
  }

  private static OnnxGraph read(ModelProto.Builder model) throws IOException {
    return OnnxFile.of(Path.of("f.onnx"), ByteString.copyFrom(model.build().toByteArray())).graph();
  }

  @Test
  void read_twoCalls_haveNodesAndNamesOfTheirOwn() throws IOException {
    FunctionProto.Builder twice =
        function("Twice", "a", "c")
            .addNode(node("Relu", List.of("a"), "b"))
            .addNode(node("Sigmoid", List.of("b"), "c"));
    OnnxGraph graph = read(model(calls("Twice", "Twice")).addFunctions(twice));
    assertThat(graph.nodes())
        .extracting(OnnxNode::operator)
        .containsExactly("Relu", "Sigmoid", "Relu", "Sigmoid");
    assertThat(graph.nodes())
        .extracting(n -> n.inputs().getFirst())
        .containsExactly("x", "twice/b", "y0", "twice/b#2");
    assertThat(graph.nodes().getLast().outputs()).containsExactly("y1");
  }

  @Test
  void read_attributeOfTheCall_isTheNodesElseTheFunctionsDefault() throws IOException {
    AttributeProto reference =
        AttributeProto.newBuilder()
            .setName("alpha")
            .setType(AttributeProto.AttributeType.FLOAT)
            .setRefAttrName("slope")
            .build();
    FunctionProto.Builder leaky =
        function("Leaky", "a", "b")
            .addAttributeProto(number("slope", 0.5f))
            .addNode(node("LeakyRelu", List.of("a"), "b").addAttribute(reference));
    GraphProto.Builder graph = calls("Leaky", "Leaky");
    graph.getNodeBuilder(1).addAttribute(number("slope", 0.25f));
    assertThat(read(model(graph).addFunctions(leaky)).nodes())
        .extracting(n -> n.attributes().number("alpha", 0))
        .containsExactly(0.5f, 0.25f);
    FunctionProto.Builder bare = leaky.clone().clearAttributeProto().addAttribute("slope");
    assertThat(read(model(calls("Leaky")).addFunctions(bare)).nodes().getFirst().attributes())
        .matches(a -> !a.has("alpha"));
  }

  /** What a graph inside a function names is its own, and what it reads from outside is renamed. */
  @Test
  void read_graphInAFunction_readsTheCallsNames() throws IOException {
    GraphProto.Builder branch =
        GraphProto.newBuilder()
            .addNode(node("Relu", List.of("a"), "r"))
            .addOutput(value("r", 1, 1, 2));
    FunctionProto.Builder choose =
        function("Choose", "a", "b")
            .addNode(node("If", List.of("a"), "b").addAttribute(graph("then_branch", branch)));
    OnnxGraph graph = read(model(calls("Choose", "Choose")).addFunctions(choose));
    OnnxGraph inner = Objects.requireNonNull(graph.nodes().get(1).graphs().get("then_branch"));
    assertThat(inner.nodes().getFirst().inputs()).containsExactly("y0");
    assertThat(inner.nodes().getFirst().outputs())
        .containsExactly(inner.outputs().getFirst().name());
  }

  @Test
  void read_functionThatCallsItself_isRefused() {
    FunctionProto.Builder first =
        function("A", "a", "b").addNode(node("B", List.of("a"), "b").setDomain("own"));
    FunctionProto.Builder second =
        function("B", "a", "b").addNode(node("A", List.of("a"), "b").setDomain("own"));
    assertThatThrownBy(() -> read(model(calls("A")).addFunctions(first).addFunctions(second)))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("function \"A\": calls itself");
  }

  /** Forty functions, each of two calls of the next, are 2^40 nodes. */
  @Test
  void read_functionsThatDouble_areRefused() {
    ModelProto.Builder model = model(calls("F0"));
    for (int i = 0; i < 40; i++) {
      String next = i == 39 ? "Relu" : "F" + (i + 1);
      String domain = i == 39 ? "" : "own";
      model.addFunctions(
          function("F" + i, "a", "c")
              .addNode(node(next, List.of("a"), "b").setDomain(domain))
              .addNode(node(next, List.of("b"), "c").setDomain(domain)));
    }
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("too many for a file of");
  }

  @Test
  void read_functionThatReadsTheGraphAround_isRefused() {
    FunctionProto.Builder thief =
        function("Thief", "a", "b").addNode(node("Add", List.of("a", "x"), "b"));
    assertThatThrownBy(() -> read(model(calls("Thief")).addFunctions(thief)))
        .hasMessageContaining("function \"Thief\": reads \"x\", which nothing in it makes");
  }

  @Test
  void read_functionOfAnotherVersion_isRefused() {
    FunctionProto.Builder old = function("Old", "a", "b");
    old.getOpsetImportBuilder(0).setVersion(9);
    assertThatThrownBy(() -> read(model(calls("Old")).addFunctions(old)))
        .hasMessageContaining("got 18 and 9");
  }
}
