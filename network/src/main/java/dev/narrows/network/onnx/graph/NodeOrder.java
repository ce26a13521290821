package dev.narrows.network.onnx.graph;

import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The order in which a graph's nodes can run. ONNX wants nodes behind what they read; tools that
 * put casts at a file's end (converters to float16 do) write others, and runtimes sort them.
 */
final class NodeOrder {
  private final GraphProto graph;
  private final Map<String, Integer> makers = new HashMap<>();
  private final BitSet begun = new BitSet();
  private final BitSet placed = new BitSet();
  private final List<Integer> order = new ArrayList<>();
  private boolean cyclic;

  NodeOrder(GraphProto graph) {
    this.graph = graph;
  }

  /**
   * The file's order, each node preceded by those that make what it and its graphs read; the file's
   * own where there is a cycle.
   */
  List<Integer> indices() {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      for (String output : graph.getNode(i).getOutputList()) {
        makers.putIfAbsent(output, i);
      }
    }
    graph.getInputList().forEach(input -> makers.remove(input.getName()));
    graph.getInitializerList().forEach(tensor -> makers.remove(tensor.getName()));
    for (int i = 0; i < graph.getNodeCount(); i++) {
      place(i);
    }
    return cyclic ? IntStream.range(0, graph.getNodeCount()).boxed().toList() : order;
  }

  /** Depth first, on a stack of its own: a file's chain of nodes may be as long as it likes. */
  private void place(int last) {
    Deque<Visit> open = new ArrayDeque<>();
    if (!placed.get(last)) {
      begin(last, open);
    }
    while (!open.isEmpty()) {
      Visit visit = open.element();
      if (visit.before().hasNext()) {
        begin(visit.before().next(), open);
      } else {
        placed.set(visit.node());
        order.add(open.pop().node());
      }
    }
  }

  private void begin(int node, Deque<Visit> open) {
    if (begun.get(node)) {
      cyclic |= !placed.get(node);
    } else {
      begun.set(node);
      Iterator<Integer> before =
          reads(graph.getNode(node)).stream().map(makers::get).filter(Objects::nonNull).iterator();
      open.push(new Visit(node, before));
    }
  }

  private static Set<String> reads(NodeProto node) {
    Set<String> names = new LinkedHashSet<>(node.getInputList());
    node.getAttributeList().stream()
        .filter(AttributeProto::hasG)
        .forEach(attribute -> names.addAll(outerReads(attribute.getG())));
    return names;
  }

  /** What an inner graph reads of the graphs around it. */
  private static Set<String> outerReads(GraphProto inner) {
    Set<String> names = new LinkedHashSet<>();
    inner.getOutputList().forEach(output -> names.add(output.getName()));
    inner.getNodeList().forEach(node -> names.addAll(reads(node)));
    inner.getInputList().forEach(input -> names.remove(input.getName()));
    inner.getInitializerList().forEach(tensor -> names.remove(tensor.getName()));
    inner.getSparseInitializerList().forEach(t -> names.remove(t.getValues().getName()));
    inner.getNodeList().forEach(node -> node.getOutputList().forEach(names::remove));
    return names;
  }

  /**
   * A node whose turn has come.
   *
   * @param before what has to be placed first
   */
  private record Visit(int node, Iterator<Integer> before) {}
}
