package dev.narrows.network.program;

import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.graph;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.MissingRuntimeException;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.program.ProgramStep.BranchStep;
import dev.narrows.network.program.ProgramStep.HostedStep;
import dev.narrows.network.program.ProgramStep.OwnStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
  @TempDir private Path folder;

  private Program program(GraphProto.Builder graph) throws IOException {
    Path file = folder.resolve("net.onnx");
    Files.write(file, model(graph).build().toByteArray());
    return Program.of(OnnxFile.read(file));
  }

  private static List<String> operators(ProgramStep step) {
    return step.nodes().stream().map(OnnxNode::operator).toList();
  }

  @Test
  void of_productAndRelu_areASumOfOursAndAHostedStep() throws IOException {
    List<ProgramStep> steps = program(product()).main().steps();
    assertThat(steps).hasSize(2);
    assertThat(steps.getFirst()).isInstanceOf(OwnStep.class);
    assertThat(operators(steps.getFirst())).containsExactly("MatMul");
    assertThat(steps.getLast()).isInstanceOf(HostedStep.class);
    assertThat(steps.getLast().makes()).isEqualTo(Set.of("y"));
  }

  @Test
  void of_twoProductsBetweenFunctions_makesAsFewHostedStepsAsCanBe() throws IOException {
    GraphProto.Builder graph =
        product()
            .addNode(node("Exp", List.of("x"), "e").setName("exp"))
            .addNode(node("MatMul", List.of("e", "w"), "h2").setName("second"))
            .addNode(node("Add", List.of("h2", "y"), "z"));
    graph.setOutput(0, value("z", 1, 1, 2));
    List<ProgramStep> steps = program(graph).main().steps();
    assertThat(steps.stream().map(PartitionTest::operators))
        .containsExactly(
            List.of("Exp"), List.of("MatMul"), List.of("MatMul"), List.of("Relu", "Add"));
  }

  @Test
  void of_dequantisedOperandsAndAQuantisedResult_areOneSumOfIntegers() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, 1, 2))
            .addInitializer(floats("s", new float[] {0.5f}))
            .addInitializer(floats("w", new float[] {1, 2, 3, 4}, 2, 2))
            .addNode(node("QuantizeLinear", List.of("w", "s"), "wq").setName("weights"))
            .addNode(node("DequantizeLinear", List.of("wq", "s"), "wd").setName("back"))
            .addNode(node("QuantizeLinear", List.of("x", "s"), "xq").setName("input"))
            .addNode(node("DequantizeLinear", List.of("xq", "s"), "xd").setName("numbers"))
            .addNode(node("MatMul", List.of("xd", "wd"), "h"))
            .addNode(node("Relu", List.of("h"), "r"))
            .addNode(node("QuantizeLinear", List.of("r", "s"), "y").setName("output"))
            .addNode(node("DequantizeLinear", List.of("y", "s"), "z").setName("last"))
            .addOutput(value("z", 1, 1, 2));
    List<ProgramStep> steps = program(graph).main().steps();
    ProgramStep sum = steps.stream().filter(OwnStep.class::isInstance).findFirst().orElseThrow();
    assertThat(operators(sum))
        .containsExactly(
            "DequantizeLinear", "DequantizeLinear", "MatMul", "Relu", "QuantizeLinear");
    assertThat(sum.makes()).isEqualTo(Set.of("y"));
    assertThat(sum.reads()).contains("xq", "wq").doesNotContain("xd", "wd", "h", "r");
  }

  @Test
  void of_operatorsOnNoList_areNamedAllAtOnceThoseInsideOthersToo() {
    GraphProto.Builder inside =
        GraphProto.newBuilder()
            .setName("inside")
            .addNode(node("Riddle", List.of("x"), "r").setDomain("own"))
            .addOutput(value("r", 1, 1, 2));
    GraphProto.Builder other =
        GraphProto.newBuilder()
            .setName("other")
            .addNode(node("MatMul", List.of("x", "w"), "m"))
            .addOutput(value("m", 1, 1, 2));
    GraphProto.Builder graph =
        product()
            .addInput(value("on", 9))
            .addNode(node("STFT", List.of("y", "y"), "s"))
            .addNode(
                node("If", List.of("on"), "b")
                    .addAttribute(graph("then_branch", inside))
                    .addAttribute(graph("else_branch", other)))
            .addNode(node("Add", List.of("s", "b"), "z"));
    graph.setOutput(0, value("z", 1, 1, 2));
    assertThatThrownBy(() -> program(graph))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("STFT: sums of products with roots of unity, no layer yet (\"stft\")")
        .hasMessageContaining("own.Riddle: neither Narrows nor its list")
        .hasMessageContaining("(\"riddle\")");
  }

  @Test
  void of_channelsInBlocks_saysHowToSaveTheFile() {
    GraphProto.Builder graph = product();
    graph.getNodeBuilder(1).setOpType("ReorderOutput").setDomain("com.microsoft.nchwc");
    assertThatThrownBy(() -> program(graph))
        .hasMessageContaining("com.microsoft.nchwc.ReorderOutput: channels in blocks")
        .hasMessageContaining("save the file at its level \"extended\"");
  }

  @Test
  void of_branchWithAProduct_isOursAndNodesHaveNamesOfTheirOwn() throws IOException {
    GraphProto.Builder then =
        GraphProto.newBuilder()
            .setName("then")
            .addNode(node("MatMul", List.of("x", "w"), "t"))
            .addOutput(value("t", 1, 1, 2));
    GraphProto.Builder otherwise =
        GraphProto.newBuilder()
            .setName("otherwise")
            .addNode(node("MatMul", List.of("x", "w"), "o"))
            .addOutput(value("o", 1, 1, 2));
    GraphProto.Builder graph =
        product()
            .addInput(value("on", 9))
            .addNode(
                node("If", List.of("on"), "z")
                    .addAttribute(graph("then_branch", then))
                    .addAttribute(graph("else_branch", otherwise)));
    graph.setOutput(0, value("z", 1, 1, 2));
    Program program = program(graph);
    assertThat(program.main().steps()).singleElement().isInstanceOf(BranchStep.class);
    assertThat(
            program.steps().stream()
                .filter(OwnStep.class::isInstance)
                .map(step -> step.nodes().getFirst().name()))
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void run_hostedStepWithoutARuntime_saysWhoComputesIt() throws IOException {
    Program program = program(product());
    try (ProgramExecutor executor =
        new ProgramExecutor(program, Optional.empty(), LayerRegisters.exact())) {
      assertThatThrownBy(() ->
              executor.run(Map.of("x", NdTensor.of(new float[] {1, 2}, 1, 2)), RunOptions.none()))
          .isInstanceOf(MissingRuntimeException.class)
          .hasMessageContaining("hosted node Relu \"relu\"")
          .hasMessageContaining("start through ./narrows");
    }
  }
}
