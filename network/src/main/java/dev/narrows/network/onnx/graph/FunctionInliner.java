package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.FunctionProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts the nodes of a file's own functions in the place of their calls, in graphs inside nodes too.
 * No function may call itself, directly or through others.
 */
final class FunctionInliner {
  private static final int DEEPEST = 60;
  private static final int LONGEST_PREFIX = 100; // characters

  private final OnnxSource source;
  private final Map<String, FunctionProto> functions = new HashMap<>();
  private final UniqueNames names;

  /**
   * @param names all in the file's graph; those of expanded nodes are added
   */
  FunctionInliner(OnnxSource source, List<FunctionProto> functions, UniqueNames names)
      throws NetworkFileException {
    this.source = source;
    this.names = names;
    for (FunctionProto function : functions) {
      String key = key(function.getDomain(), function.getName(), function.getOverload());
      if (this.functions.put(key, function) != null) {
        throw source.bad(place(function), "is there twice");
      }
    }
  }

  /** The graph without calls. */
  GraphProto expanded(GraphProto graph) throws NetworkFileException {
    return functions.isEmpty() ? graph : expanded(graph, List.of(), 0);
  }

  private GraphProto expanded(GraphProto graph, List<String> calls, int depth)
      throws NetworkFileException {
    return graph.toBuilder()
        .clearNode()
        .addAllNode(expanded(graph.getNodeList(), calls, depth))
        .build();
  }

  private List<NodeProto> expanded(List<NodeProto> nodes, List<String> calls, int depth)
      throws NetworkFileException {
    if (depth > DEEPEST) {
      throw source.bad("functions", "calls and graphs are nested more than " + DEEPEST + " deep");
    }
    List<NodeProto> all = new ArrayList<>();
    for (NodeProto node : nodes) {
      String key = key(node.getDomain(), node.getOpType(), node.getOverload());
      FunctionProto function = functions.get(key);
      if (function == null) {
        all.add(withGraphs(node, calls, depth));
      } else if (calls.contains(key)) {
        throw source.bad(place(function), "calls itself");
      } else {
        List<String> inner = new ArrayList<>(calls);
        inner.add(key);
        all.addAll(expanded(body(node, function), inner, depth + 1));
      }
    }
    return all;
  }

  private NodeProto withGraphs(NodeProto node, List<String> calls, int depth)
      throws NetworkFileException {
    NodeProto.Builder changed = node.toBuilder();
    boolean any = false;
    for (int i = 0; i < node.getAttributeCount(); i++) {
      AttributeProto attribute = node.getAttribute(i);
      if (attribute.hasG()) {
        any = true;
        changed.setAttribute(
            i, attribute.toBuilder().setG(expanded(attribute.getG(), calls, depth + 1)));
      }
    }
    return any ? changed.build() : node;
  }

  /** The nodes of a function with the names and attributes of a call. */
  private List<NodeProto> body(NodeProto call, FunctionProto function) throws NetworkFileException {
    String place = place(function);
    String caller = call.getName().isBlank() ? function.getName() : call.getName();
    // cut, or a long name would be in every node of the function
    String prefix = caller.substring(0, Math.min(LONGEST_PREFIX, caller.length())) + "/";
    if (call.getInputCount() > function.getInputCount()
        || call.getOutputCount() > function.getOutputCount()) {
      throw source.bad(place, "is called with more inputs or outputs than it has");
    }
    Map<String, AttributeProto> given = new HashMap<>();
    function.getAttributeProtoList().forEach(a -> given.put(a.getName(), a));
    call.getAttributeList().forEach(a -> given.put(a.getName(), a));
    FunctionBody body = new FunctionBody(source, place, prefix, names, given);
    for (int i = 0; i < function.getInputCount(); i++) {
      body.bind(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    List<NodeProto> nodes = new ArrayList<>();
    Set<String> inputs = body.bound();
    for (int i = 0; i < function.getOutputCount(); i++) {
      String output = function.getOutput(i);
      if (!inputs.contains(output)) {
        body.bind(
            output,
            i < call.getOutputCount() && !call.getOutput(i).isEmpty()
                ? call.getOutput(i)
                : names.fresh(prefix + output));
      }
    }
    for (NodeProto node : function.getNodeList()) {
      source.expand(place, FunctionBody.size(node));
      nodes.add(body.node(node));
    }
    for (int i = 0; i < call.getOutputCount(); i++) {
      String output = function.getOutput(i);
      if (inputs.contains(output) && !call.getOutput(i).isEmpty()) {
        nodes.add(
            NodeProto.newBuilder()
                .setOpType("Identity")
                .addInput(body.name(output))
                .addOutput(call.getOutput(i))
                .build());
      }
    }
    return nodes;
  }

  private static String place(FunctionProto function) {
    return "function " + OnnxSource.shown(function.getName());
  }

  private static String key(String domain, String name, String overload) {
    return OnnxFile.domain(domain) + "\n" + name + "\n" + overload;
  }
}
