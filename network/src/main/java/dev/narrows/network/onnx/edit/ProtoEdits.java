package dev.narrows.network.onnx.edit;

import com.google.protobuf.ByteString;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Other constants for inputs of nodes. A constant that nothing else reads is replaced in its place,
 * under its name; else the node reads a new one, and the old one stays.
 */
final class ProtoEdits {
  /** An input of a node of the main graph. */
  record NodeInput(int node, int input) {}

  private final ModelProto model;
  private final Map<NodeInput, NdTensor> wanted = new LinkedHashMap<>();
  private final Map<Integer, Integer> axes = new HashMap<>();

  ProtoEdits(ModelProto model) {
    this.model = model;
  }

  /**
   * Asks for a constant.
   *
   * @return whether nobody asked for another one there
   */
  boolean put(int node, int input, NdTensor constant) {
    NdTensor before = wanted.put(new NodeInput(node, input), constant);
    return before == null || before.equals(constant);
  }

  /** Sets the axis along which a node's scales lie. */
  void setAxis(int node, int axis) {
    axes.put(node, axis);
  }

  ModelProto model() {
    ModelProto.Builder made = model.toBuilder();
    GraphProto.Builder graph = made.getGraphBuilder();
    Map<String, Integer> uses = new HashMap<>();
    count(model.getGraph(), uses);
    Set<String> names = new HashSet<>(uses.keySet());
    names(model.getGraph(), names);
    Map<String, NdTensor> inPlace = new HashMap<>();
    for (Map.Entry<NodeInput, NdTensor> entry : wanted.entrySet()) {
      NodeProto node = model.getGraph().getNode(entry.getKey().node());
      String name = ConstantSlot.input(node, entry.getKey().input());
      boolean alone = !name.isEmpty() && agreed(name, entry.getValue(), uses.getOrDefault(name, 0));
      if (alone && sameShape(name, entry.getValue())) {
        inPlace.put(name, entry.getValue());
      } else {
        String fresh = fresh(name.isEmpty() ? node.getName() + ".zero" : name, names);
        graph.addInitializer(proto(fresh, entry.getValue()));
        NodeProto.Builder changed = graph.getNodeBuilder(entry.getKey().node());
        while (changed.getInputCount() <= entry.getKey().input()) {
          changed.addInput("");
        }
        changed.setInput(entry.getKey().input(), fresh);
      }
    }
    replace(graph, inPlace);
    axes.forEach((node, axis) -> setAxis(graph.getNodeBuilder(node), axis));
    return made.build();
  }

  /** Whether all uses of a constant are to be this one. */
  private boolean agreed(String name, NdTensor constant, int uses) {
    int alike = 0;
    for (Map.Entry<NodeInput, NdTensor> entry : wanted.entrySet()) {
      NodeProto node = model.getGraph().getNode(entry.getKey().node());
      boolean here = ConstantSlot.input(node, entry.getKey().input()).equals(name);
      alike += here && entry.getValue().equals(constant) ? 1 : 0;
    }
    return alike == uses;
  }

  /** A constant of another shape would contradict what the file says of its name. */
  private boolean sameShape(String name, NdTensor constant) {
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getName().equals(name)) {
        return tensor.getDimsList().stream().map(Long::intValue).toList().equals(constant.dims());
      }
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOutputList().contains(name)) {
        return node.getAttributeList().stream()
            .filter(AttributeProto::hasT)
            .anyMatch(attribute ->
                attribute.getT().getDimsList().stream()
                    .map(Long::intValue)
                    .toList()
                    .equals(constant.dims()));
      }
    }
    return false;
  }

  private static void replace(GraphProto.Builder graph, Map<String, NdTensor> constants) {
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      NdTensor constant = constants.get(tensor.getName());
      if (constant != null) {
        fill(tensor, constant);
      }
    }
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      NdTensor constant =
          node.getOpType().equals("Constant") && node.getOutputCount() == 1
              ? constants.get(node.getOutput(0))
              : null;
      if (constant != null) {
        node.getAttributeBuilderList().stream()
            .filter(AttributeProto.Builder::hasT)
            .forEach(attribute -> fill(attribute.getTBuilder(), constant));
      }
    }
  }

  private static void fill(TensorProto.Builder tensor, NdTensor constant) {
    String name = tensor.getName();
    String doc = tensor.getDocString();
    tensor.clear().mergeFrom(proto(name, constant));
    if (!doc.isEmpty()) {
      tensor.setDocString(doc);
    }
  }

  private static TensorProto proto(String name, NdTensor constant) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    tensor.setDataType(constant.type().number());
    constant.dims().forEach(tensor::addDims);
    return tensor.setRawData(ByteString.copyFrom(constant.data())).build();
  }

  private static void setAxis(NodeProto.Builder node, int axis) {
    for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.getName().equals("axis")) {
        attribute.setI(axis);
        return;
      }
    }
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName("axis")
            .setType(AttributeProto.AttributeType.INT)
            .setI(axis));
  }

  private static String fresh(String wanted, Set<String> names) {
    String name = wanted + ".own";
    for (int i = 2; !names.add(name); i++) {
      name = wanted + ".own" + i;
    }
    return name;
  }

  /** How often each name is read, by graphs inside nodes too. */
  private static void count(GraphProto graph, Map<String, Integer> uses) {
    for (NodeProto node : graph.getNodeList()) {
      node.getInputList().forEach(name -> uses.merge(name, 1, Integer::sum));
      node.getAttributeList().stream()
          .filter(AttributeProto::hasG)
          .forEach(attribute -> count(attribute.getG(), uses));
    }
    graph.getOutputList().forEach(output -> uses.merge(output.getName(), 1, Integer::sum));
  }

  private static void names(GraphProto graph, Set<String> names) {
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    graph.getInputList().stream().map(ValueInfoProto::getName).forEach(names::add);
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getOutputList());
      node.getAttributeList().stream()
          .filter(AttributeProto::hasG)
          .forEach(attribute -> names(attribute.getG(), names));
    }
  }
}
