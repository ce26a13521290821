package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The branch of an If whose condition is known, as nodes of the graph around it. Names that the
 * branch makes get the node's name in front, as it may make names that exist outside too.
 *
 * @param constants of the branch
 * @param nodes that make the outputs of the If
 */
record InlinedBranch(Map<String, NdTensor> constants, List<OnnxNode> nodes) {
  /**
   * The branch.
   *
   * @param node an If
   * @param condition what its input is
   * @throws IllegalArgumentException if it has no such branch, or that makes fewer values
   */
  static InlinedBranch of(OnnxNode node, NdTensor condition) {
    boolean truth = condition.elements() == 1 && condition.integers()[0] != 0;
    if (condition.elements() != 1) {
      throw new IllegalArgumentException(
          "the condition has %d elements".formatted(condition.elements()));
    }
    String which = truth ? "then_branch" : "else_branch";
    OnnxGraph branch =
        Optional.ofNullable(node.graphs().get(which))
            .orElseThrow(() -> new IllegalArgumentException("has no " + which));
    if (branch.outputs().size() < node.outputs().size()) {
      throw new IllegalArgumentException(
          "%s makes %d of %d values"
              .formatted(which, branch.outputs().size(), node.outputs().size()));
    }
    String prefix = node.name() + "/";
    Map<String, String> names = new HashMap<>();
    made(branch).forEach(name -> names.put(name, prefix + name));
    Map<String, NdTensor> constants = new LinkedHashMap<>();
    branch.initializers().forEach((name, tensor) -> constants.put(prefix + name, tensor));
    List<OnnxNode> nodes = new ArrayList<>();
    for (OnnxNode inner : branch.nodes()) {
      String name = inner.proto().getName().isBlank() ? prefix + inner.name() : inner.name();
      nodes.add(renamed(inner, name, node.index(), names));
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String given = node.outputs().get(i);
      if (!given.isEmpty()) {
        String output = branch.outputs().get(i).name();
        nodes.add(identity(node, names.getOrDefault(output, output), given));
      }
    }
    return new InlinedBranch(constants, nodes);
  }

  /** What a graph makes: its inputs, constants and the outputs of its nodes. */
  private static Set<String> made(OnnxGraph graph) {
    Set<String> made = new HashSet<>(graph.initializers().keySet());
    graph.inputs().stream().map(OnnxValueInfo::name).forEach(made::add);
    graph.nodes().forEach(node -> made.addAll(node.outputs()));
    made.remove("");
    return made;
  }

  private static OnnxNode identity(OnnxNode node, String from, String to) {
    return new OnnxNode(
        node.index(),
        node.name() + "/" + to,
        "",
        "Identity",
        List.of(from),
        List.of(to),
        node.attributes(),
        Map.of(),
        Map.of(),
        node.proto());
  }

  private static OnnxNode renamed(
      OnnxNode node, String name, int index, Map<String, String> names) {
    Map<String, OnnxGraph> graphs = new HashMap<>();
    node.graphs().forEach((key, graph) -> graphs.put(key, renamed(graph, names)));
    return new OnnxNode(
        index,
        name,
        node.domain(),
        node.operator(),
        node.inputs().stream().map(input -> names.getOrDefault(input, input)).toList(),
        node.outputs().stream().map(output -> names.getOrDefault(output, output)).toList(),
        node.attributes(),
        graphs,
        node.metadata(),
        node.proto());
  }

  /** A graph inside, which reads names from around it; its own hide them. */
  private static OnnxGraph renamed(OnnxGraph graph, Map<String, String> around) {
    Map<String, String> names = new HashMap<>(around);
    names.keySet().removeAll(made(graph));
    List<OnnxValueInfo> outputs = new ArrayList<>();
    for (OnnxValueInfo output : graph.outputs()) {
      String name = names.getOrDefault(output.name(), output.name());
      outputs.add(new OnnxValueInfo(name, output.kind(), output.type(), output.dims()));
    }
    return new OnnxGraph(
        graph.name(),
        graph.inputs(),
        outputs,
        graph.initializers(),
        graph.nodes().stream()
            .map(node -> renamed(node, node.name(), node.index(), names))
            .toList(),
        graph.types(),
        graph.datatypes());
  }
}
