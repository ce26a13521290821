package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Graphs made plainer: nodes have names that no other node of the model has, those inside others
 * too, and their places in the graph as indices; Constant nodes are constants.
 */
final class PlainGraphs {
  private final Set<String> names = new HashSet<>();

  private PlainGraphs() {}

  static OnnxGraph of(OnnxGraph graph) {
    return new PlainGraphs().graph(graph, "");
  }

  private OnnxGraph graph(OnnxGraph graph, String path) {
    Map<String, NdTensor> constants = new LinkedHashMap<>(graph.initializers());
    List<OnnxNode> nodes = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      OnnxNode node = graph.nodes().get(i);
      Optional<NdTensor> constant = constant(node);
      if (constant.isPresent()) {
        constants.put(node.outputs().getFirst(), constant.get());
      } else {
        nodes.add(node(node, i, path));
      }
    }
    return new OnnxGraph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        constants,
        nodes,
        graph.types(),
        graph.datatypes());
  }

  private OnnxNode node(OnnxNode node, int index, String path) {
    String name = unique(node.proto().getName().isBlank() ? path + node.name() : node.name());
    Map<String, OnnxGraph> graphs = new HashMap<>();
    node.graphs().forEach((key, graph) -> graphs.put(key, graph(graph, name + "/" + key + "/")));
    return new OnnxNode(
        index,
        name,
        node.domain(),
        node.operator(),
        node.inputs(),
        node.outputs(),
        node.attributes(),
        graphs,
        node.metadata(),
        node.proto());
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "#" + i;
    }
    return name;
  }

  private static Optional<NdTensor> constant(OnnxNode node) {
    if (!node.key().equals("Constant") || node.outputs().size() != 1) {
      return Optional.empty();
    }
    OnnxAttributes attributes = node.attributes();
    if (attributes.has("value_float")) {
      return Optional.of(NdTensor.of(new float[] {attributes.number("value_float", 0)}));
    }
    if (attributes.has("value_int")) {
      return Optional.of(NdTensor.of(new long[] {attributes.integer("value_int", 0)}));
    }
    if (attributes.has("value_string")) {
      return Optional.of(NdTensor.of(List.of(attributes.text("value_string", ""))));
    }
    AttributeProto strings = attributes.protos().get("value_strings");
    if (strings != null) {
      List<String> values =
          strings.getStringsList().stream().map(string -> string.toStringUtf8()).toList();
      return Optional.of(NdTensor.of(values, values.size()));
    }
    return attributes
        .tensor("value")
        .or(() -> attributes.numbers("value_floats").map(v -> NdTensor.of(v, v.length)))
        .or(() ->
            attributes
                .integers("value_ints")
                .map(v -> NdTensor.ofIntegers(NdType.INT64, v, List.of(v.length))));
  }
}
