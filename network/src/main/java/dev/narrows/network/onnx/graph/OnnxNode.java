package dev.narrows.network.onnx.graph;

import dev.narrows.network.onnx.proto.NodeProto;
import java.util.List;
import java.util.Map;

/**
 * One operator of a graph.
 *
 * @param index its place in the file's list
 * @param name as the file says; not blank: where the file has none, the operator and the index
 * @param domain "" for ONNX's own operators
 * @param inputs names; "" for an optional one that is left out
 * @param outputs names; "" for one that is not wanted
 * @param graphs those inside it, by attribute name, such as {@code then_branch}
 * @param metadata the node's properties
 * @param proto as parsed
 */
public record OnnxNode(
    int index,
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    OnnxAttributes attributes,
    Map<String, OnnxGraph> graphs,
    Map<String, String> metadata,
    NodeProto proto) {
  public OnnxNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    graphs = Map.copyOf(graphs);
    metadata = Map.copyOf(metadata);
  }

  /** The name of input {@code number}, or "" if it is left out. */
  public String input(int number) {
    return number < inputs.size() ? inputs.get(number) : "";
  }

  /** Whether input {@code number} is given. */
  public boolean has(int number) {
    return !input(number).isEmpty();
  }

  /** The operator with its domain, as registries name it: "Conv", "com.microsoft.QGemm". */
  public String key() {
    return domain.isEmpty() ? operator : domain + "." + operator;
  }

  /** "3 Conv "/layer1/conv"", for messages. */
  public String place() {
    return "node %d %s \"%s\"".formatted(index, key(), name);
  }
}
