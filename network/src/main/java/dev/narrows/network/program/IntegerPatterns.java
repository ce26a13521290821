package dev.narrows.network.program;

import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what belongs to a sum of products so that it can be one of integers: the DequantizeLinear
 * nodes that it reads, and the constant, the clip and the QuantizeLinear behind it.
 */
final class IntegerPatterns {
  private static final Set<String> DEQUANTIZE =
      Set.of("DequantizeLinear", "com.microsoft.DequantizeLinear");
  private static final Set<String> QUANTIZE =
      Set.of("QuantizeLinear", "com.microsoft.QuantizeLinear");

  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final Map<String, List<OnnxNode>> readers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Set<String> constants;

  IntegerPatterns(OnnxGraph graph, Set<String> constants) {
    this.constants = constants;
    graph.outputs().forEach(output -> outputs.add(output.name()));
    for (OnnxNode node : graph.nodes()) {
      node.outputs().forEach(name -> makers.put(name, node));
      GraphNames.reads(node)
          .forEach(name -> readers.computeIfAbsent(name, n -> new ArrayList<>()).add(node));
    }
  }

  /**
   * A sum and what belongs to it.
   *
   * @param nodes in the graph's order
   * @param taken those that nobody else needs; the last one makes what others read
   */
  record Sum(List<OnnxNode> nodes, List<OnnxNode> taken) {
    /** What others read. */
    Set<String> makes() {
      return GraphNames.makes(List.of(taken.getLast()));
    }
  }

  Sum around(OnnxNode node) {
    List<OnnxNode> nodes = new ArrayList<>(List.of(node));
    for (String input : node.inputs()) {
      dequantized(input, nodes);
    }
    List<OnnxNode> taken = new ArrayList<>(List.of(node));
    if (nodes.size() > 1) {
      taken.addAll(behind(node, nodes));
    }
    Set<Integer> indices = new HashSet<>();
    nodes.removeIf(one -> !indices.add(one.index()));
    nodes.sort(Comparator.comparingInt(OnnxNode::index));
    return new Sum(nodes, taken);
  }

  /** The DequantizeLinear that makes an operand; of a constant also what moves it afterwards. */
  private boolean dequantized(String name, List<OnnxNode> into) {
    OnnxNode maker = makers.get(name);
    if (maker == null) {
      return false;
    }
    boolean moved =
        maker.key().equals("Transpose")
            && constants.contains(name)
            && dequantized(maker.input(0), into);
    if (moved || DEQUANTIZE.contains(maker.key())) {
      into.add(maker);
      return true;
    }
    return false;
  }

  /** What is between a sum and the QuantizeLinear that alone reads it, if there is one. */
  private List<OnnxNode> behind(OnnxNode sum, List<OnnxNode> into) {
    List<OnnxNode> chain = new ArrayList<>();
    List<OnnxNode> biases = new ArrayList<>();
    String name = sum.outputs().getFirst();
    while (!outputs.contains(name)) {
      List<OnnxNode> reading = readers.getOrDefault(name, List.of());
      if (reading.size() != 1) {
        return List.of();
      }
      OnnxNode next = reading.getFirst();
      String read = name;
      boolean fixed =
          next.inputs().stream().allMatch(i -> i.isEmpty() || i.equals(read) || known(i, biases));
      chain.add(next);
      if (QUANTIZE.contains(next.key()) && fixed) {
        into.addAll(chain);
        into.addAll(biases);
        return chain;
      }
      boolean passes =
          Set.of("Relu", "Clip", "Add").contains(next.key()) && next.graphs().isEmpty();
      if (!passes || !fixed) {
        return List.of();
      }
      name = next.outputs().getFirst();
    }
    return List.of();
  }

  private boolean known(String name, List<OnnxNode> biases) {
    if (constants.contains(name)) {
      dequantized(name, biases);
      return true;
    }
    return false;
  }
}
