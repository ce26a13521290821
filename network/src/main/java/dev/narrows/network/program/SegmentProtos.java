package dev.narrows.network.program;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.TensorShapeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.util.List;
import java.util.Optional;

/** Parts of a checked model as ONNX's messages again; they name no other file. */
final class SegmentProtos {
  /** Knows every type that we hand on. */
  private static final int IR_VERSION = 10;

  private SegmentProtos() {}

  static ModelProto model(OnnxModel of, GraphProto graph) {
    ModelProto.Builder model =
        ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("narrows").setGraph(graph);
    of.opsets()
        .forEach((domain, version) ->
            model.addOpsetImport(
                OperatorSetIdProto.newBuilder()
                    .setDomain(domain)
                    .setVersion(domain.isEmpty() ? known(version) : version)));
    return model.build();
  }

  /**
   * The version of operators that the runtime knows: 27 adds types to Range, and operators that sum
   * products, which are not handed over; the others are those of 26.
   */
  private static int known(int version) {
    return version == 27 ? 26 : version;
  }

  static NodeProto node(OnnxNode node) {
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.operator())
            .setDomain(node.domain())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    node.attributes()
        .protos()
        .forEach((name, attribute) -> proto.addAttribute(attribute(node, name, attribute)));
    return proto.build();
  }

  private static AttributeProto attribute(OnnxNode node, String name, AttributeProto proto) {
    if (node.graphs().containsKey(name)) {
      return proto.toBuilder().setG(graph(node.graphs().get(name))).build();
    }
    Optional<NdTensor> tensor = node.attributes().tensor(name);
    if (tensor.isPresent()) {
      return proto.toBuilder().setT(tensor("", tensor.get())).build();
    }
    boolean elsewhere =
        proto.hasT() && isExternal(proto.getT())
            || proto.getTensorsList().stream().anyMatch(SegmentProtos::isExternal)
            || isExternal(proto.getSparseTensor().getValues())
            || isExternal(proto.getSparseTensor().getIndices());
    if (elsewhere || proto.getGraphsCount() > 0) {
      throw new ProgramException(
          node.place(), "attribute " + name + " cannot be handed to the runtime");
    }
    return proto;
  }

  private static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0;
  }

  /** A graph inside a node. */
  private static GraphProto graph(OnnxGraph graph) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
    graph.inputs().forEach(input -> proto.addInput(info(input)));
    graph.outputs().forEach(output -> proto.addOutput(info(output)));
    graph.initializers().forEach((name, tensor) -> proto.addInitializer(tensor(name, tensor)));
    graph.nodes().forEach(node -> proto.addNode(node(node)));
    return proto.build();
  }

  private static ValueInfoProto info(OnnxValueInfo info) {
    ValueInfoProto.Builder proto = ValueInfoProto.newBuilder().setName(info.name());
    if (info.kind() == OnnxValueInfo.Kind.TENSOR && info.type().isPresent()) {
      TypeProto.Tensor.Builder tensor =
          TypeProto.Tensor.newBuilder().setElemType(info.type().get().number());
      info.dims().ifPresent(dims -> tensor.setShape(shape(dims)));
      proto.setType(TypeProto.newBuilder().setTensorType(tensor));
    }
    return proto.build();
  }

  private static TensorShapeProto shape(List<OnnxValueInfo.Dim> dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (OnnxValueInfo.Dim dim : dims) {
      TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
      dim.size().ifPresent(one::setDimValue);
      shape.addDim(one);
    }
    return shape.build();
  }

  /** An input of a type and of dimensions, those below 0 of any size. */
  static ValueInfoProto input(String name, NdType type, List<Integer> dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim < 0 ? one : one.setDimValue(dim));
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** A node that turns one array's elements into another type. */
  static NodeProto cast(String from, String to, NdType type) {
    return NodeProto.newBuilder()
        .setName(to + ".cast")
        .setOpType("Cast")
        .addInput(from)
        .addOutput(to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.number()))
        .build();
  }

  static TensorProto tensor(String name, NdTensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(tensor.type().number());
    tensor.dims().forEach(proto::addDims);
    if (tensor.type() == NdType.STRING) {
      tensor.strings().forEach(string -> proto.addStringData(ByteString.copyFromUtf8(string)));
    } else {
      proto.setRawData(UnsafeByteOperations.unsafeWrap(tensor.data()));
    }
    return proto.build();
  }
}
