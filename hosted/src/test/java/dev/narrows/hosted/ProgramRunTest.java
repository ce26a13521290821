package dev.narrows.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import dev.narrows.network.program.ProgramStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs beside the same models run whole by ONNX Runtime. */
class ProgramRunTest {
  private static final double CLOSE = 2e-6; // sums of a dozen products near 1, in another order

  private final Random random = new Random(7);

  private NdTensor numbers(int... dims) {
    int count = IntStream.of(dims).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    return NdTensor.of(values, dims);
  }

  private static void close(Map<String, HostedValue> ours, Map<String, HostedValue> theirs) {
    assertThat(ours.keySet()).isEqualTo(theirs.keySet());
    theirs.forEach((name, value) -> {
      NdTensor expected = value.all().getFirst();
      NdTensor got = Objects.requireNonNull(ours.get(name)).all().getFirst();
      assertThat(got.dims()).as(name).isEqualTo(expected.dims());
      double[] a = got.doubles();
      double[] b = expected.doubles();
      for (int i = 0; i < a.length; i++) {
        assertThat(a[i]).as("%s at %d", name, i).isCloseTo(b[i], within(CLOSE));
      }
    });
  }

  /** A cell with everything a node can say, by the bits of a number. */
  @ParameterizedTest
  @ValueSource(strings = {"LSTM", "GRU", "RNN"})
  void run_recurrentCellsOfEveryForm_agreeWithTheRuntime(String operator) {
    int gates = count(operator, 4, 3);
    for (int form = 0; form < 64; form++) {
      int directions = form % 2 == 0 ? 1 : 2;
      boolean all = (form & 2) != 0;
      NodeProto.Builder node =
          NodeProto.newBuilder()
              .setOpType(operator)
              .setName("cell")
              .addAllInput(List.of("x", "w", "r"))
              .addAllInput(
                  all
                      ? operator.equals("LSTM")
                          ? List.of("b", "lengths", "h", "c", "p")
                          : List.of("b", "lengths", "h")
                      : List.of())
              .addAllOutput(operator.equals("LSTM") ? List.of("y", "yh", "yc") : List.of("y", "yh"))
              .addAttribute(Graphs.integer("hidden_size", 3))
              .addAttribute(
                  Graphs.text(
                      "direction",
                      directions == 2 ? "bidirectional" : (form & 4) != 0 ? "reverse" : "forward"));
      if ((form & 8) != 0) {
        node.addAttribute(number("clip", 0.4f));
      }
      if ((form & 16) != 0 && operator.equals("GRU")) {
        node.addAttribute(Graphs.integer("linear_before_reset", 1));
      }
      if ((form & 16) != 0 && operator.equals("LSTM")) {
        node.addAttribute(Graphs.integer("input_forget", 1));
      }
      if ((form & 32) != 0) {
        node.addAttribute(functions(operator, directions));
      }
      Map<String, NdTensor> inputs = new LinkedHashMap<>();
      inputs.put("x", numbers(5, 2, 4));
      inputs.put("w", numbers(directions, gates * 3, 4));
      inputs.put("r", numbers(directions, gates * 3, 3));
      if (all) {
        inputs.put("b", numbers(directions, 2 * gates * 3));
        inputs.put("lengths", NdTensor.ofIntegers(NdType.INT32, new long[] {5, 3}, List.of(2)));
        inputs.put("h", numbers(directions, 2, 3));
        if (operator.equals("LSTM")) {
          inputs.put("c", numbers(directions, 2, 3));
          inputs.put("p", numbers(directions, 9));
        }
      }
      GraphProto.Builder graph = GraphProto.newBuilder().addNode(node);
      inputs.forEach((name, tensor) -> graph.addInput(Graphs.value(name, tensor.type())));
      node.getOutputList().forEach(name -> graph.addOutput(Graphs.value(name, NdType.FLOAT)));
      ModelProto model = Graphs.model(graph);

      close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
    }
  }

  /** Weights of codes, samples quantised by one scale a product; sums of codes are ours. */
  @Test
  void run_lstmThatQuantizesItsInputs_agreesWithTheRuntime() {
    for (int form = 0; form < 8; form++) {
      int directions = form % 2 == 0 ? 1 : 2;
      boolean rows = (form & 2) != 0;
      boolean all = (form & 4) != 0;
      int hidden = 6;
      int gates = 4 * hidden;
      NodeProto.Builder node =
          NodeProto.newBuilder()
              .setDomain("com.microsoft")
              .setOpType("DynamicQuantizeLSTM")
              .setName("cell")
              .addAllInput(List.of("x", "w", "r", "b", ""))
              .addAllInput(all ? List.of("h", "c", "p") : List.of("", "", ""))
              .addAllInput(List.of("ws", "wz", "rs", "rz"))
              .addAllOutput(List.of("y", "yh", "yc"))
              .addAttribute(Graphs.integer("hidden_size", hidden))
              .addAttribute(
                  Graphs.text("direction", directions == 2 ? "bidirectional" : "reverse"));
      Map<String, NdTensor> constants = new LinkedHashMap<>();
      constants.put("w", codes(directions, 5, gates));
      constants.put("r", codes(directions, hidden, gates));
      constants.put("b", numbers(directions, 2 * gates));
      for (String name : List.of("w", "r")) {
        List<Integer> dims = rows ? List.of(directions, gates) : List.of(directions);
        int count = rows ? directions * gates : directions;
        float[] scales = new float[count];
        for (int i = 0; i < count; i++) {
          scales[i] = 0.002f + random.nextFloat() / 100;
        }
        constants.put(name + "s", NdTensor.of(scales, count).shaped(dims));
        constants.put(name + "z", NdTensor.ofIntegers(NdType.INT8, new long[count], dims));
      }
      Map<String, NdTensor> inputs = new LinkedHashMap<>();
      inputs.put("x", numbers(7, 2, 5));
      if (all) {
        inputs.put("h", numbers(directions, 2, hidden));
        inputs.put("c", numbers(directions, 2, hidden));
        constants.put("p", numbers(directions, 3 * hidden));
      }
      GraphProto.Builder graph = GraphProto.newBuilder().addNode(node);
      constants.forEach((name, tensor) -> graph.addInitializer(Graphs.tensor(name, tensor)));
      inputs.forEach((name, tensor) -> graph.addInput(Graphs.value(name, tensor.type())));
      node.getOutputList().forEach(name -> graph.addOutput(Graphs.value(name, NdType.FLOAT)));
      ModelProto model = Graphs.model(graph);

      close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
    }
  }

  /**
   * Weights of 7 bits. With 8, the runtime's own answer depends on the processor: without VNNI its
   * kernels add two products of a byte each in 16 bits, which saturate.
   */
  private NdTensor codes(int... dims) {
    int count = IntStream.of(dims).reduce(1, (a, b) -> a * b);
    long[] codes = random.longs(count, -64, 64).toArray();
    return NdTensor.ofIntegers(NdType.INT8, codes, IntStream.of(dims).boxed().toList());
  }

  private static int count(String operator, int ofLstm, int ofGru) {
    return switch (operator) {
      case "LSTM" -> ofLstm;
      case "GRU" -> ofGru;
      default -> 1;
    };
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto functions(String operator, int directions) {
    AttributeProto.Builder functions =
        AttributeProto.newBuilder()
            .setName("activations")
            .setType(AttributeProto.AttributeType.STRINGS);
    List<String> names = new ArrayList<>(List.of("HardSigmoid", "Softsign", "Tanh"));
    for (int d = 0; d < directions; d++) {
      names
          .subList(0, count(operator, 3, 2))
          .forEach(name -> functions.addStrings(ByteString.copyFromUtf8(name)));
    }
    return functions.build();
  }

  /** y = RNN(x), as a graph that takes its weights from around it. */
  private static GraphProto.Builder cell() {
    return GraphProto.newBuilder()
        .addNode(
            Graphs.node("RNN", List.of("x", "w", "r"), "seq", "inner")
                .addAttribute(Graphs.integer("hidden_size", 4)))
        .addNode(Graphs.node("Add", List.of("inner", "one"), "y"))
        .addOutput(Graphs.value("y", NdType.FLOAT));
  }

  private GraphProto.Builder around(Map<String, NdTensor> inputs) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(Graphs.tensor("w", numbers(1, 4, 4)))
            .addInitializer(Graphs.tensor("r", numbers(1, 4, 4)))
            .addInitializer(Graphs.tensor("one", NdTensor.of(new float[] {1}, 1)));
    inputs.forEach((name, tensor) -> graph.addInput(Graphs.value(name, tensor.type())));
    return graph;
  }

  @Test
  void run_branchWithASumInside_takesTheSideThatTheConditionSays() {
    for (int side = 0; side < 2; side++) {
      NdTensor condition = NdTensor.ofIntegers(NdType.BOOL, new long[] {side}, List.of());
      Map<String, NdTensor> inputs = Map.of("x", numbers(3, 2, 4), "on", condition);
      GraphProto.Builder other =
          GraphProto.newBuilder()
              .addNode(Graphs.node("ReduceSum", List.of("x"), "s"))
              .addOutput(Graphs.value("s", NdType.FLOAT));
      ModelProto model =
          Graphs.model(
              around(inputs)
                  .addNode(
                      Graphs.node("If", List.of("on"), "z")
                          .addAttribute(Graphs.graph("then_branch", cell()))
                          .addAttribute(Graphs.graph("else_branch", other)))
                  .addOutput(Graphs.value("z", NdType.FLOAT)));

      assertThat(Graphs.program(model).steps())
          .anyMatch(ProgramStep.RecurrentStep.class::isInstance);
      close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
    }
  }

  @Test
  void run_loopWithASumInside_carriesStatesAndStacksScans() {
    for (long times : new long[] {1, 3}) {
      Map<String, NdTensor> inputs =
          Map.of("h", numbers(1, 2, 4), "times", NdTensor.of(new long[] {times}));
      GraphProto.Builder body =
          cell()
              .clearOutput()
              .addNode(Graphs.node("Identity", List.of("keep"), "on"))
              .addNode(Graphs.node("Identity", List.of("y"), "scanned"))
              .addInput(Graphs.shaped("i", NdType.INT64))
              .addInput(Graphs.shaped("keep", NdType.BOOL))
              .addInput(Graphs.shaped("x", NdType.FLOAT, 1, 2, 4))
              .addOutput(Graphs.shaped("on", NdType.BOOL))
              .addOutput(Graphs.shaped("y", NdType.FLOAT, 1, 2, 4))
              .addOutput(Graphs.shaped("scanned", NdType.FLOAT, 1, 2, 4));
      ModelProto model =
          Graphs.model(
              around(inputs)
                  .addNode(
                      Graphs.node("Loop", List.of("times", "", "h"), "last", "every")
                          .addAttribute(Graphs.graph("body", body)))
                  .addOutput(Graphs.value("last", NdType.FLOAT))
                  .addOutput(Graphs.value("every", NdType.FLOAT)));

      close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
    }
  }

  @Test
  void run_scanWithASumInside_cutsAndStacksAlongTheAxes() {
    Map<String, NdTensor> inputs = Map.of("h", numbers(1, 2, 4), "xs", numbers(1, 5, 2, 4));
    GraphProto.Builder body =
        cell()
            .clearOutput()
            .addNode(Graphs.node("Add", List.of("y", "state"), "next"))
            .addNode(Graphs.node("Identity", List.of("next"), "scanned"))
            .addInput(Graphs.value("state", NdType.FLOAT))
            .addInput(Graphs.value("x", NdType.FLOAT))
            .addOutput(Graphs.shaped("next", NdType.FLOAT, 1, 2, 4))
            .addOutput(Graphs.shaped("scanned", NdType.FLOAT, 1, 2, 4));
    ModelProto model =
        Graphs.model(
            around(inputs)
                .addNode(
                    Graphs.node("Scan", List.of("h", "xs"), "last", "every")
                        .addAttribute(Graphs.graph("body", body))
                        .addAttribute(Graphs.integer("num_scan_inputs", 1))
                        .addAttribute(integers("scan_input_axes", 1))
                        .addAttribute(integers("scan_input_directions", 1))
                        .addAttribute(integers("scan_output_axes", 2))
                        .addAttribute(integers("scan_output_directions", 1)))
                .addOutput(Graphs.value("last", NdType.FLOAT))
                .addOutput(Graphs.value("every", NdType.FLOAT)));

    close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
  }

  /** PyTorch's EmbeddingBag gathers its bags so. */
  @Test
  void run_emptySequenceThatALoopFills_staysWithTheLoop() {
    Map<String, NdTensor> inputs =
        Map.of(
            "x",
            numbers(2, 4),
            "times",
            NdTensor.ofIntegers(NdType.INT64, new long[] {3}, List.of()));
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .addNode(Graphs.node("Identity", List.of("keep"), "on"))
            .addNode(Graphs.node("SequenceInsert", List.of("bags", "x"), "more"))
            .addInput(Graphs.shaped("i", NdType.INT64))
            .addInput(Graphs.shaped("keep", NdType.BOOL))
            .addInput(sequence("bags"))
            .addOutput(Graphs.shaped("on", NdType.BOOL))
            .addOutput(sequence("more"));
    ModelProto model =
        Graphs.model(
            around(inputs)
                .addNode(Graphs.node("SequenceEmpty", List.of(), "none"))
                .addNode(
                    Graphs.node("Loop", List.of("times", "", "none"), "all")
                        .addAttribute(Graphs.graph("body", body)))
                .addNode(
                    Graphs.node("ConcatFromSequence", List.of("all"), "rows")
                        .addAttribute(Graphs.integer("axis", 0)))
                .addNode(Graphs.node("MatMul", List.of("rows", "w"), "y"))
                .addOutput(Graphs.value("y", NdType.FLOAT)));

    close(Graphs.ours(model, inputs), Graphs.theirs(model, inputs));
  }

  private static ValueInfoProto sequence(String name) {
    TypeProto of = Graphs.value(name, NdType.FLOAT).getType();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.newBuilder().setElemType(of)))
        .build();
  }

  private static AttributeProto integers(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addInts(value)
        .build();
  }
}
