package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.SparseTensorProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorAnnotation;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads graphs and checks that every name is made once, before it is read. */
final class OnnxGraphReader {
  private static final String DATATYPE = "finn_datatype";

  private final OnnxSource source;
  private final TensorDecoder tensors;
  private final SparseDecoder sparse;
  private final ValueInfos infos;
  private final NodeReader nodes;

  OnnxGraphReader(OnnxSource source) {
    this.source = source;
    this.tensors = new TensorDecoder(source);
    this.sparse = new SparseDecoder(source, tensors);
    this.infos = new ValueInfos(source, tensors);
    this.nodes = new NodeReader(source, tensors, sparse, this);
  }

  OnnxGraph read(GraphProto proto) throws NetworkFileException {
    OnnxGraph graph = read(proto, NameScope.outermost(), "");
    Set<String> outputs = new HashSet<>();
    for (OnnxValueInfo output : graph.outputs()) {
      if (!outputs.add(output.name())) {
        throw source.bad("outputs", OnnxSource.shown(output.name()) + " is there twice");
      }
    }
    return graph;
  }

  /**
   * @param around what names of the graphs around it are known
   * @param where a prefix of places in messages
   */
  OnnxGraph read(GraphProto proto, NameScope around, String where) throws NetworkFileException {
    NameScope scope = around.inner();
    Map<String, OnnxValueInfo> types = new HashMap<>();
    List<OnnxValueInfo> inputs = new ArrayList<>();
    for (ValueInfoProto input : proto.getInputList()) {
      OnnxValueInfo info = info(input, where);
      if (info.name().isBlank() || !scope.add(info.name())) {
        throw source.bad(
            where + "inputs", "two or none are named " + OnnxSource.shown(info.name()));
      }
      inputs.add(info);
      types.put(info.name(), info);
    }
    List<OnnxValueInfo> outputs = new ArrayList<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      OnnxValueInfo info = info(output, where);
      outputs.add(info);
      types.put(info.name(), info);
    }
    Map<String, NdTensor> initializers = initializers(proto, where);
    for (Map.Entry<String, NdTensor> entry : initializers.entrySet()) {
      scope.add(entry.getKey()); // an input of the same name has it as default
      OnnxValueInfo info = types.get(entry.getKey());
      if (info != null) {
        infos.requireMatch(info, entry.getValue(), where + initializer(entry.getKey()));
      }
    }
    for (ValueInfoProto note : proto.getValueInfoList()) {
      OnnxValueInfo info = info(note, where);
      if (!initializers.containsKey(info.name())) { // a converter's old note of one may be wrong
        types.putIfAbsent(info.name(), info);
      }
    }
    List<OnnxNode> made = new ArrayList<>();
    for (int i : new NodeOrder(proto).indices()) {
      made.add(node(proto, i, scope, where));
    }
    for (OnnxValueInfo output : outputs) {
      if (!scope.sees(output.name())) {
        throw source.bad(where + "outputs", "nothing makes " + OnnxSource.shown(output.name()));
      }
    }
    return new OnnxGraph(
        proto.getName(), inputs, outputs, initializers, made, types, datatypes(proto));
  }

  private OnnxValueInfo info(ValueInfoProto proto, String where) throws NetworkFileException {
    return infos.read(proto, where + "value " + OnnxSource.shown(proto.getName()));
  }

  private static String initializer(String name) {
    return "initializer " + OnnxSource.shown(name);
  }

  private Map<String, NdTensor> initializers(GraphProto proto, String where)
      throws NetworkFileException {
    Map<String, NdTensor> all = new LinkedHashMap<>();
    for (TensorProto tensor : proto.getInitializerList()) {
      String place = where + initializer(tensor.getName());
      put(all, tensor.getName(), tensors.decode(tensor, place), place);
    }
    for (SparseTensorProto tensor : proto.getSparseInitializerList()) {
      String name = tensor.getValues().getName();
      String place = where + "sparse " + initializer(name);
      put(all, name, sparse.decode(tensor, place), place);
    }
    return all;
  }

  private void put(Map<String, NdTensor> all, String name, NdTensor tensor, String place)
      throws NetworkFileException {
    if (name.isBlank() || all.put(name, tensor) != null) {
      throw source.bad(place, "its name is blank or there twice");
    }
  }

  private OnnxNode node(GraphProto graph, int index, NameScope scope, String where)
      throws NetworkFileException {
    NodeProto proto = graph.getNode(index);
    String place = where + NodeReader.place(proto, index);
    for (String input : proto.getInputList()) {
      if (!input.isEmpty() && !scope.sees(input)) {
        throw source.bad(
            place, "reads %s, %s".formatted(OnnxSource.shown(input), maker(graph, input)));
      }
    }
    OnnxNode node = nodes.read(proto, index, scope, place);
    for (String output : proto.getOutputList()) {
      if (!output.isEmpty() && !scope.add(output)) {
        throw source.bad(
            place, "makes %s, which is there already".formatted(OnnxSource.shown(output)));
      }
    }
    return node;
  }

  private static String maker(GraphProto graph, String name) {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getOutputList().contains(name)) {
        return "which %s makes only afterwards (a cycle)"
            .formatted(NodeReader.place(graph.getNode(i), i));
      }
    }
    return "which nothing makes";
  }

  private static Map<String, String> datatypes(GraphProto proto) {
    Map<String, String> datatypes = new HashMap<>();
    for (TensorAnnotation annotation : proto.getQuantizationAnnotationList()) {
      for (StringStringEntryProto entry : annotation.getQuantParameterTensorNamesList()) {
        if (entry.getKey().equals(DATATYPE)) {
          datatypes.put(annotation.getTensorName(), entry.getValue());
        }
      }
    }
    return datatypes;
  }
}
