package dev.narrows.network.onnx.graph;

import dev.narrows.network.array.NdTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph in static single assignment: every name is made once, before it is read. A graph inside a
 * node also reads names of the graphs around it.
 *
 * @param inputs what a caller must or may give; those with an initializer have that as default
 * @param initializers constants by name
 * @param nodes in an order in which each reads earlier names only
 * @param types what the file says of names, inputs and outputs included
 * @param datatypes QONNX's {@code finn_datatype} by tensor name
 */
public record OnnxGraph(
    String name,
    List<OnnxValueInfo> inputs,
    List<OnnxValueInfo> outputs,
    Map<String, NdTensor> initializers,
    List<OnnxNode> nodes,
    Map<String, OnnxValueInfo> types,
    Map<String, String> datatypes) {
  public OnnxGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    nodes = List.copyOf(nodes);
    types = Map.copyOf(types);
    datatypes = Map.copyOf(datatypes);
  }

  /** The inputs that have no default: what a caller must give. */
  public List<OnnxValueInfo> required() {
    return inputs.stream().filter(input -> !initializers.containsKey(input.name())).toList();
  }
}
