package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.AttributeProto.AttributeType;
import dev.narrows.network.onnx.proto.NodeProto;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads a node: its attributes, the tensors and graphs among them. */
final class NodeReader {
  private final OnnxSource source;
  private final TensorDecoder tensors;
  private final SparseDecoder sparse;
  private final OnnxGraphReader graphs;

  NodeReader(
      OnnxSource source, TensorDecoder tensors, SparseDecoder sparse, OnnxGraphReader graphs) {
    this.source = source;
    this.tensors = tensors;
    this.sparse = sparse;
    this.graphs = graphs;
  }

  /** What messages call a node. */
  static String place(NodeProto proto, int index) {
    return "node %d %s %s"
        .formatted(index, PrintableName.of(proto.getOpType()), OnnxSource.shown(proto.getName()));
  }

  OnnxNode read(NodeProto proto, int index, NameScope scope, String place)
      throws NetworkFileException {
    if (proto.getOpType().isBlank()) {
      throw source.bad(place, "has no operator");
    }
    Map<String, AttributeProto> attributes = new LinkedHashMap<>();
    Map<String, NdTensor> read = new LinkedHashMap<>();
    Map<String, OnnxGraph> inner = new LinkedHashMap<>();
    for (AttributeProto given : proto.getAttributeList()) {
      String name = given.getName();
      String at = place + " attribute " + OnnxSource.shown(name);
      AttributeProto attribute = typed(given, at);
      if (name.isBlank() || attributes.put(name, attribute) != null) {
        throw source.bad(at, "its name is blank or there twice");
      }
      switch (attribute.getType()) {
        case TENSOR -> read.put(name, tensors.decode(attribute.getT(), at));
        case SPARSE_TENSOR -> read.put(name, sparse.decode(attribute.getSparseTensor(), at));
        case GRAPH ->
            inner.put(name, graphs.read(attribute.getG(), scope, place + " " + name + ": "));
        default -> {}
      }
    }
    return new OnnxNode(
        index,
        proto.getName().isBlank()
            ? PrintableName.of(proto.getOpType()) + "_" + index
            : PrintableName.of(proto.getName()),
        OnnxFile.domain(proto.getDomain()),
        proto.getOpType(),
        proto.getInputList(),
        proto.getOutputList(),
        new OnnxAttributes(attributes, read),
        inner,
        OnnxFile.entries(proto.getMetadataPropsList()),
        proto);
  }

  /** The attribute with its type, which the oldest files leave out; it has a value of no other. */
  private AttributeProto typed(AttributeProto attribute, String place) throws NetworkFileException {
    if (!attribute.getRefAttrName().isEmpty()) {
      throw source.bad(
          place,
          "refers to %s of a function, but is in none"
              .formatted(OnnxSource.shown(attribute.getRefAttrName())));
    }
    Set<AttributeType> has = present(attribute);
    AttributeType type = attribute.getType();
    if (type == AttributeType.UNDEFINED) {
      if (has.size() != 1) {
        throw source.bad(place, "expected a type and one value, got values " + has);
      }
      return attribute.toBuilder().setType(has.iterator().next()).build();
    }
    boolean needed =
        switch (type) {
          case TENSOR, GRAPH, SPARSE_TENSOR, TYPE_PROTO -> true;
          default -> false;
        };
    if (needed ? !has.equals(EnumSet.of(type)) : !(has.isEmpty() || has.equals(EnumSet.of(type)))) {
      throw source.bad(place, "expected a value of type %s, got %s".formatted(type, has));
    }
    return attribute;
  }

  private static Set<AttributeType> present(AttributeProto a) {
    Set<AttributeType> has = EnumSet.noneOf(AttributeType.class);
    add(has, a.hasF(), AttributeType.FLOAT);
    add(has, a.hasI(), AttributeType.INT);
    add(has, a.hasS(), AttributeType.STRING);
    add(has, a.hasT(), AttributeType.TENSOR);
    add(has, a.hasG(), AttributeType.GRAPH);
    add(has, a.hasSparseTensor(), AttributeType.SPARSE_TENSOR);
    add(has, a.hasTp(), AttributeType.TYPE_PROTO);
    add(has, a.getFloatsCount() > 0, AttributeType.FLOATS);
    add(has, a.getIntsCount() > 0, AttributeType.INTS);
    add(has, a.getStringsCount() > 0, AttributeType.STRINGS);
    add(has, a.getTensorsCount() > 0, AttributeType.TENSORS);
    add(has, a.getGraphsCount() > 0, AttributeType.GRAPHS);
    return has;
  }

  private static void add(Set<AttributeType> has, boolean is, AttributeType type) {
    if (is) {
      has.add(type);
    }
  }
}
