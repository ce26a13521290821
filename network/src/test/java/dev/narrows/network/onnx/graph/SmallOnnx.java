package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.AttributeProto.AttributeType;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.TensorShapeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/** Parts of small ONNX files. */
public final class SmallOnnx {
  private SmallOnnx() {}

  /** A model of ONNX's own operators, version 18. */
  public static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(18))
        .setGraph(graph);
  }

  /** y = Relu(x · w) of two numbers, with w as an initializer. */
  public static GraphProto.Builder product() {
    return GraphProto.newBuilder()
        .setName("product")
        .addInput(value("x", 1, 1, 2))
        .addInitializer(floats("w", new float[] {1, 2, 3, 4}, 2, 2))
        .addNode(node("MatMul", List.of("x", "w"), "h"))
        .addNode(node("Relu", List.of("h"), "y"))
        .addOutput(value("y", 1, 1, 2));
  }

  /** A value of an element type, with dimensions; a negative one is free and named "n". */
  public static ValueInfoProto value(String name, int type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim < 0 ? size.setDimParam("n") : size.setDimValue(dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  /** A node. */
  public static NodeProto.Builder node(String operator, List<String> inputs, String... outputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(operator.toLowerCase(java.util.Locale.ROOT))
        .addAllInput(inputs)
        .addAllOutput(List.of(outputs));
  }

  /** A tensor of binary32. */
  public static TensorProto.Builder floats(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, 1, dims).setRawData(ByteString.copyFrom(bytes.array()));
  }

  /** A tensor of 64-bit integers. */
  public static TensorProto.Builder longs(String name, long[] values, long... dims) {
    TensorProto.Builder tensor = tensor(name, 7, dims);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor;
  }

  /** A tensor without data. */
  public static TensorProto.Builder tensor(String name, int type, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  /** An integer as attribute. */
  public static AttributeProto.Builder integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value);
  }

  /** A number as attribute. */
  public static AttributeProto.Builder number(String name, float value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value);
  }

  /** A graph as attribute. */
  public static AttributeProto.Builder graph(String name, GraphProto.Builder graph) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph);
  }

  /** A property. */
  public static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** A constant of a graph. */
  static NdTensor constant(OnnxModel model, String name) {
    return Objects.requireNonNull(model.graph().initializers().get(name));
  }
}
