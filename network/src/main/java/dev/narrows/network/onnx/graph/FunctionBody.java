package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.SparseTensorProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The nodes of one call of a function: new names for what they make, the call's attributes. */
final class FunctionBody {
  private final OnnxSource source;
  private final String place;
  private final String prefix;
  private final UniqueNames unique;
  private final Map<String, AttributeProto> attributes;
  private final Map<String, String> names = new HashMap<>();

  FunctionBody(
      OnnxSource source,
      String place,
      String prefix,
      UniqueNames unique,
      Map<String, AttributeProto> attributes) {
    this.source = source;
    this.place = place;
    this.prefix = prefix;
    this.unique = unique;
    this.attributes = attributes;
  }

  /** Says what a name of the function is in the graph; "" for an input that is left out. */
  void bind(String inner, String outer) throws NetworkFileException {
    if (inner.isEmpty() || names.put(inner, outer) != null) {
      throw source.bad(place, "has a parameter twice or without a name");
    }
  }

  /** The names that are bound so far. */
  Set<String> bound() {
    return Set.copyOf(names.keySet());
  }

  /** What a name of the function is in the graph. */
  String name(String inner) throws NetworkFileException {
    return read(inner, names);
  }

  /** A node of the function in the graph. */
  NodeProto node(NodeProto node) throws NetworkFileException {
    return node(node, names, Map.of());
  }

  /** Bytes of a node, without those of its tensors, which all calls share. */
  static long size(NodeProto node) {
    long size = node.getSerializedSize() + 64L;
    for (AttributeProto attribute : node.getAttributeList()) {
      size -= attribute.hasT() ? attribute.getT().getSerializedSize() : 0;
    }
    return size;
  }

  private String read(String inner, Map<String, String> scope) throws NetworkFileException {
    if (inner.isEmpty()) {
      return inner;
    }
    String outer = scope.get(inner);
    if (outer == null) {
      throw source.bad(
          place, "reads %s, which nothing in it makes".formatted(OnnxSource.shown(inner)));
    }
    return outer;
  }

  /**
   * @param local new names of what the node makes in a graph of its own; others are the function's
   */
  private NodeProto node(NodeProto node, Map<String, String> scope, Map<String, String> local)
      throws NetworkFileException {
    NodeProto.Builder made =
        node.toBuilder()
            .clearInput()
            .clearOutput()
            .clearAttribute()
            .setName(prefix + (node.getName().isBlank() ? node.getOpType() : node.getName()));
    for (String input : node.getInputList()) {
      made.addInput(read(input, scope));
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      if (!attribute.getRefAttrName().isEmpty()) {
        referred(attribute, made);
      } else if (attribute.hasG()) {
        made.addAttribute(attribute.toBuilder().setG(graph(attribute.getG(), scope)));
      } else {
        made.addAttribute(attribute);
      }
    }
    scope.putAll(local);
    for (String output : node.getOutputList()) {
      made.addOutput(
          output.isEmpty()
              ? output
              : scope.computeIfAbsent(output, name -> unique.fresh(prefix + name)));
    }
    return made.build();
  }

  private void referred(AttributeProto attribute, NodeProto.Builder made)
      throws NetworkFileException {
    AttributeProto given = attributes.get(attribute.getRefAttrName());
    if (given == null) {
      return; // the operator's own default
    }
    if (attribute.hasType() && given.hasType() && attribute.getType() != given.getType()) {
      throw source.bad(
          place,
          "attribute %s: expected %s, the call gives %s"
              .formatted(OnnxSource.shown(given.getName()), attribute.getType(), given.getType()));
    }
    made.addAttribute(given.toBuilder().setName(attribute.getName()));
  }

  /** A graph inside a node: its own names are new, others are the function's. */
  private GraphProto graph(GraphProto graph, Map<String, String> around)
      throws NetworkFileException {
    Map<String, String> scope = new HashMap<>(around);
    Map<String, String> own = new HashMap<>();
    GraphProto.Builder made = graph.toBuilder();
    for (int i = 0; i < graph.getInputCount(); i++) {
      ValueInfoProto input = graph.getInput(i);
      made.setInput(i, input.toBuilder().setName(own(input.getName(), own)));
    }
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto tensor = graph.getInitializer(i);
      made.setInitializer(i, tensor.toBuilder().setName(own(tensor.getName(), own)));
    }
    for (int i = 0; i < graph.getSparseInitializerCount(); i++) {
      SparseTensorProto tensor = graph.getSparseInitializer(i);
      TensorProto.Builder values = tensor.getValues().toBuilder();
      values.setName(own(values.getName(), own));
      made.setSparseInitializer(i, tensor.toBuilder().setValues(values));
    }
    scope.putAll(own);
    made.clearNode();
    for (NodeProto node : graph.getNodeList()) {
      Map<String, String> outputs = new HashMap<>();
      for (String output : node.getOutputList()) {
        outputs.put(output, own(output, own)); // made again: the same name again, and refused later
      }
      made.addNode(node(node, scope, outputs));
    }
    for (int i = 0; i < graph.getOutputCount(); i++) {
      ValueInfoProto output = graph.getOutput(i);
      made.setOutput(i, output.toBuilder().setName(read(output.getName(), scope)));
    }
    made.clearValueInfo();
    for (ValueInfoProto info : graph.getValueInfoList()) {
      made.addValueInfo(info.toBuilder().setName(scope.getOrDefault(info.getName(), "")));
    }
    return made.build();
  }

  private String own(String name, Map<String, String> own) {
    return name.isEmpty() ? name : own.computeIfAbsent(name, it -> unique.fresh(prefix + it));
  }
}
