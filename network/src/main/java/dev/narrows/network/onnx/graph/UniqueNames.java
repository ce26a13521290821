package dev.narrows.network.onnx.graph;

import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** All names of values in a file's graphs, so that new ones are none of them. */
final class UniqueNames {
  private final Set<String> used = new HashSet<>();
  private final Map<String, Integer> last = new HashMap<>();

  /** Notes a graph's names and those of the graphs inside it. */
  void addAll(GraphProto graph) {
    graph.getInputList().forEach(input -> used.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> used.add(tensor.getName()));
    graph.getSparseInitializerList().forEach(tensor -> used.add(tensor.getValues().getName()));
    for (NodeProto node : graph.getNodeList()) {
      used.addAll(node.getInputList());
      used.addAll(node.getOutputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          addAll(attribute.getG());
        }
      }
    }
  }

  /** A name like the wanted one that nothing has. */
  String fresh(String wanted) {
    String name = wanted;
    while (!used.add(name)) {
      name = wanted + "#" + last.merge(wanted, 2, (count, one) -> count + 1);
    }
    return name;
  }
}
