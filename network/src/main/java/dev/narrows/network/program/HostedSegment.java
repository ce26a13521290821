package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedSession;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import dev.narrows.network.program.ProgramStep.HostedStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A hosted step, ready in the runtime for inputs of certain types and numbers of dimensions.
 *
 * <p>Types that cannot be handed over go as wider ones, and the segment casts them: 16-bit and
 * wider integers without sign as signed ones, 4-bit integers as bytes, FP8 as binary32.
 */
final class HostedSegment implements AutoCloseable {
  private static final String GIVEN = ".given";
  private static final String MADE = ".made";

  private final List<OnnxNode> nodes;
  private final HostedSession session;
  private final Map<String, NdType> given; // names that are handed over in another type
  private final Map<String, NdType> made; // names that come back in another type

  private HostedSegment(
      List<OnnxNode> nodes,
      HostedSession session,
      Map<String, NdType> given,
      Map<String, NdType> made) {
    this.nodes = nodes;
    this.session = session;
    this.given = given;
    this.made = made;
  }

  /**
   * Hands a step to the runtime.
   *
   * @param constants those it reads
   * @param inputs what else it reads, as it is in this call
   * @param types what the file says of what the step makes
   * @throws ProgramException naming the nodes, if the runtime refuses them
   */
  static HostedSegment open(
      HostedRuntime runtime,
      OnnxModel model,
      HostedStep step,
      Map<String, NdTensor> constants,
      Map<String, HostedValue> inputs,
      Map<String, NdType> types) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("segment");
    constants.forEach((name, tensor) -> graph.addInitializer(SegmentProtos.tensor(name, tensor)));
    Map<String, NdType> given = new HashMap<>();
    inputs.forEach((name, value) -> input(graph, name, value, given));
    step.nodes().forEach(node -> graph.addNode(SegmentProtos.node(node)));
    Set<String> wanted = new TreeSet<>(step.makes());
    wanted.forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)));
    HostedSession session = open(runtime, model, step.nodes(), graph.build());
    Map<String, NdType> made = new HashMap<>();
    for (Map.Entry<String, Optional<NdType>> output : session.outputs().entrySet()) {
      Optional<NdType> type = Optional.ofNullable(types.get(output.getKey()));
      if (output.getValue().isEmpty() && type.filter(t -> t.bits() < 8).isPresent()) {
        made.put(output.getKey(), type.get());
      }
    }
    if (!made.isEmpty()) {
      session.close();
      graph.clearOutput();
      for (String name : wanted) {
        NdType type = made.get(name);
        String last = type == null ? name : name + MADE;
        if (type != null) {
          graph.addNode(SegmentProtos.cast(name, last, carrier(type)));
        }
        graph.addOutput(ValueInfoProto.newBuilder().setName(last));
      }
      session = open(runtime, model, step.nodes(), graph.build());
    }
    return new HostedSegment(step.nodes(), session, given, made);
  }

  private static HostedSession open(
      HostedRuntime runtime, OnnxModel model, List<OnnxNode> nodes, GraphProto graph) {
    try {
      return runtime.open(SegmentProtos.model(model, graph).toByteArray());
    } catch (HostedException e) {
      throw new ProgramException(describe(nodes), e);
    }
  }

  private static void input(
      GraphProto.Builder graph, String name, HostedValue value, Map<String, NdType> given) {
    switch (value) {
      case HostedValue.Single(NdTensor tensor) -> {
        NdType type = tensor.type();
        if (HostedSession.takes(type)) {
          graph.addInput(SegmentProtos.input(name, type, said(tensor)));
        } else {
          given.put(name, carrier(type));
          graph.addInput(SegmentProtos.input(name + GIVEN, carrier(type), said(tensor)));
          graph.addNode(SegmentProtos.cast(name + GIVEN, name, type));
        }
      }
      case HostedValue.Several(List<NdTensor> tensors) -> {
        NodeProto.Builder sequence =
            NodeProto.newBuilder()
                .setOpType(tensors.isEmpty() ? "SequenceEmpty" : "SequenceConstruct")
                .setName(name + ".sequence")
                .addOutput(name);
        for (int i = 0; i < tensors.size(); i++) {
          NdTensor tensor = tensors.get(i);
          graph.addInput(SegmentProtos.input(name + "." + i, tensor.type(), said(tensor)));
          sequence.addInput(name + "." + i);
        }
        graph.addNode(sequence);
      }
    }
  }

  /**
   * What the runtime is told of an array's dimensions: of one that may be a shape its length, of
   * others their number alone, so that a session serves all sizes.
   */
  static List<Integer> said(NdTensor tensor) {
    return tensor.rank() == 1 && tensor.type() == NdType.INT64
        ? tensor.dims()
        : tensor.dims().stream().map(dim -> -1).toList();
  }

  /** A type that holds all of another's values and can be handed over. */
  private static NdType carrier(NdType type) {
    return switch (type) {
      case UINT16 -> NdType.INT32;
      case UINT32, UINT64 -> NdType.INT64;
      case INT4, INT2 -> NdType.INT8;
      case UINT4, UINT2 -> NdType.UINT8;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0, FLOAT4E2M1 ->
          NdType.FLOAT;
      default ->
          throw new ProgramException(
              "hosted nodes", "arrays of " + type + " cannot be handed to the runtime");
    };
  }

  /**
   * Runs it.
   *
   * @param inputs of the types and numbers of dimensions that it was opened for
   * @throws ProgramException naming the nodes, if the runtime fails
   */
  Map<String, HostedValue> run(Map<String, HostedValue> inputs) {
    Map<String, NdTensor> arrays = new LinkedHashMap<>();
    inputs.forEach((name, value) -> {
      switch (value) {
        case HostedValue.Single(NdTensor tensor) -> {
          NdType carrier = given.get(name);
          arrays.put(
              carrier == null ? name : name + GIVEN,
              carrier == null ? tensor : converted(tensor, carrier));
        }
        case HostedValue.Several(List<NdTensor> tensors) -> {
          for (int i = 0; i < tensors.size(); i++) {
            arrays.put(name + "." + i, tensors.get(i));
          }
        }
      }
    });
    try {
      Map<String, HostedValue> values = new HashMap<>();
      session
          .run(arrays)
          .forEach((name, value) -> {
            if (name.endsWith(MADE) && made.containsKey(plain(name))) {
              NdTensor tensor = value.all().getFirst();
              NdType type = Objects.requireNonNull(made.get(plain(name)));
              values.put(plain(name), new HostedValue.Single(converted(tensor, type)));
            } else {
              values.put(name, value);
            }
          });
      return values;
    } catch (HostedException e) {
      throw new ProgramException(describe(nodes), e);
    }
  }

  private static String plain(String name) {
    return name.substring(0, name.length() - MADE.length());
  }

  private static NdTensor converted(NdTensor tensor, NdType type) {
    return type == NdType.FLOAT
        ? ArrayWords.floats(tensor.floats(), tensor.dims())
        : NdTensor.ofIntegers(type, tensor.integers(), tensor.dims());
  }

  /** "hosted nodes 3 Mul "a", 4 Add "b" and 7 more". */
  static String describe(List<OnnxNode> nodes) {
    List<String> places = new ArrayList<>();
    nodes.stream()
        .limit(3)
        .forEach(node -> places.add(node.operator() + " \"" + node.name() + "\""));
    return "hosted "
        + (nodes.size() == 1 ? "node " : "nodes ")
        + String.join(", ", places)
        + (nodes.size() > 3 ? " and " + (nodes.size() - 3) + " more" : "");
  }

  @Override
  public void close() {
    session.close();
  }
}
