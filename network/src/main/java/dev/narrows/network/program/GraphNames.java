package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which names nodes and graphs read and make. */
final class GraphNames {
  private GraphNames() {}

  /** The names that a node reads, those that graphs inside it take from around them included. */
  static Set<String> reads(OnnxNode node) {
    Set<String> names = new LinkedHashSet<>(node.inputs());
    node.graphs().values().forEach(graph -> names.addAll(free(graph)));
    names.remove("");
    return names;
  }

  /** The names that a graph takes from the graphs around it. */
  static Set<String> free(OnnxGraph graph) {
    Set<String> free = new LinkedHashSet<>();
    Set<String> made = new LinkedHashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> made.add(input.name()));
    for (OnnxNode node : graph.nodes()) {
      reads(node).stream().filter(name -> !made.contains(name)).forEach(free::add);
      made.addAll(node.outputs());
    }
    graph.outputs().stream()
        .map(OnnxValueInfo::name)
        .filter(name -> !name.isEmpty() && !made.contains(name))
        .forEach(free::add);
    return free;
  }

  /** What nodes together read of others, in the order of reading. */
  static Set<String> reads(List<OnnxNode> nodes) {
    Set<String> made = makes(nodes);
    Set<String> names = new LinkedHashSet<>();
    for (OnnxNode node : nodes) {
      reads(node).stream().filter(name -> !made.contains(name)).forEach(names::add);
    }
    return names;
  }

  /** What nodes make. */
  static Set<String> makes(List<OnnxNode> nodes) {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.addAll(node.outputs()));
    names.remove("");
    return names;
  }
}
