package dev.narrows.network.onnx.write;

import com.google.protobuf.ByteString;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorAnnotation;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.onnx.proto.TensorShapeProto;
import dev.narrows.network.onnx.proto.TypeProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the nodes and tensors of one graph. Every tensor, constants too, gets a type and a
 * shape, because QONNX's executor runs each node as a graph of its own, and where it holds integers
 * their datatype ({@code finn_datatype}).
 */
final class GraphBuilder {
  /** The domain of QONNX's own operators. */
  static final String QONNX = "qonnx.custom_op.general";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, ValueInfoProto> infos = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** Keeps names for those who ask with {@link #declare}. */
  GraphBuilder(String name, Collection<String> reserved) {
    graph.setName(name);
    taken.addAll(reserved);
  }

  /** A name that nothing else has: the wanted one, if it is free. */
  String free(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "." + i;
    }
    return name;
  }

  /** Says what a tensor is; its name must be reserved or {@linkplain #free}. */
  OnnxValue declare(OnnxValue value) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    value
        .shape()
        .forEach(size -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder().setElemType(value.type().getNumber()).setShape(shape).build();
    ValueInfoProto info =
        ValueInfoProto.newBuilder()
            .setName(value.name())
            .setType(TypeProto.newBuilder().setTensorType(type))
            .build();
    if (infos.put(value.name(), info) != null) {
      throw new IllegalStateException("tensor " + value.name() + " is declared twice");
    }
    value
        .holds()
        .ifPresent(format ->
            graph.addQuantizationAnnotation(
                TensorAnnotation.newBuilder()
                    .setTensorName(value.name())
                    .addQuantParameterTensorNames(
                        StringStringEntryProto.newBuilder()
                            .setKey("finn_datatype")
                            .setValue(datatype(format)))));
    return value;
  }

  /** QONNX's word for a format. */
  static String datatype(IntegerFormat format) {
    if (format.bits() == 1 && !format.signed()) {
      return "BINARY";
    }
    return (format.signed() ? "INT" : "UINT") + format.bits();
  }

  /** A constant in float32; every value must be exact there. */
  OnnxValue floats(String name, IntegerRange holds, long[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    for (long value : values) {
      bytes.putFloat(exact(value));
    }
    return constant(name, DataType.FLOAT, Optional.of(OnnxValue.holding(holds)), bytes, shape);
  }

  /** A constant in float64; every value must be exact there. */
  OnnxValue doubles(String name, IntegerRange holds, long[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Double.BYTES);
    for (long value : values) {
      bytes.putDouble(value);
    }
    return constant(name, DataType.DOUBLE, Optional.of(OnnxValue.holding(holds)), bytes, shape);
  }

  /** A constant of 64-bit integers. */
  OnnxValue longs(String name, long[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    bytes.position(bytes.limit());
    return constant(name, DataType.INT64, Optional.empty(), bytes, shape);
  }

  private OnnxValue constant(
      String name, DataType type, Optional<IntegerFormat> holds, ByteBuffer bytes, long... shape) {
    OnnxValue value =
        declare(new OnnxValue(free(name), type, holds, Arrays.stream(shape).boxed().toList()));
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(value.name())
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(bytes.flip()));
    value.shape().forEach(tensor::addDims);
    graph.addInitializer(tensor);
    return value;
  }

  /** An operator of ONNX itself; its output is declared. */
  OnnxValue node(
      String operator, List<OnnxValue> inputs, OnnxValue output, AttributeProto... attributes) {
    return node("", operator, inputs, output, attributes);
  }

  /** An operator of a domain; its output is declared. */
  OnnxValue node(
      String domain,
      String operator,
      List<OnnxValue> inputs,
      OnnxValue output,
      AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setName(output.name()).setOpType(operator).setDomain(domain);
    inputs.forEach(input -> node.addInput(input.name()));
    node.addOutput(output.name()).addAllAttribute(List.of(attributes));
    graph.addNode(node);
    return declare(output);
  }

  /** The graph from one tensor to another; everything else is inside. */
  GraphProto build(OnnxValue input, OnnxValue output) {
    Map<String, ValueInfoProto> inside = new LinkedHashMap<>(infos);
    inside.remove(input.name());
    inside.remove(output.name());
    return graph
        .addInput(info(input))
        .addOutput(info(output))
        .addAllValueInfo(inside.values())
        .build();
  }

  private ValueInfoProto info(OnnxValue value) {
    ValueInfoProto info = infos.get(value.name());
    if (info == null) {
      throw new IllegalStateException("tensor " + value.name() + " was never declared");
    }
    return info;
  }

  private static float exact(long value) {
    float real = value;
    if ((long) real != value) {
      throw new IllegalStateException(value + " is not exact in float32");
    }
    return real;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
