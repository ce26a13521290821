package dev.narrows.network.onnx.write;

import com.google.protobuf.ByteString;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.array.NdTensor;
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
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects the nodes and tensors of one graph. Every tensor, constants too, gets a type and a
 * shape, because QONNX's executor runs each node as a graph of its own, and where QONNX wants it
 * the datatype of its integers ({@code finn_datatype}).
 */
final class GraphBuilder {
  /** The domain of QONNX's own operators. */
  static final String QONNX = "qonnx.custom_op.general";

  /** The domain of ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  /** What the batch is called where it is free. */
  static final String BATCH = "N";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, ValueInfoProto> infos = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Set<String> domains = new TreeSet<>();

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
    value.shape().forEach(size -> shape.addDim(dimension(size)));
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

  private static TensorShapeProto.Dimension dimension(long size) {
    return size == OnnxValue.ANY
        ? TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH).build()
        : TensorShapeProto.Dimension.newBuilder().setDimValue(size).build();
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
    ByteBuffer written = bytes.flip();
    List<Long> dims = Arrays.stream(shape).boxed().toList();
    return constant(new OnnxValue(free(name), type, holds, dims), ByteString.copyFrom(written));
  }

  /** A constant without a datatype of QONNX. */
  OnnxValue constant(String name, NdTensor tensor) {
    DataType type = DataType.forNumber(tensor.type().number());
    List<Long> dims = tensor.dims().stream().map(Long::valueOf).toList();
    return constant(
        new OnnxValue(free(name), type, Optional.empty(), dims),
        ByteString.copyFrom(tensor.data()));
  }

  /** {@link #constant(String, NdTensor)} whose name is reserved. */
  OnnxValue constantAs(String name, NdTensor tensor) {
    DataType type = DataType.forNumber(tensor.type().number());
    List<Long> dims = tensor.dims().stream().map(Long::valueOf).toList();
    return constant(OnnxValue.plain(name, type, dims), ByteString.copyFrom(tensor.data()));
  }

  private OnnxValue constant(OnnxValue value, ByteString bytes) {
    declare(value);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(value.name())
            .setDataType(value.type().getNumber())
            .setRawData(bytes);
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
    return node(output.name(), domain, operator, inputs, output, attributes);
  }

  /**
   * An operator whose node is not called as its output is; an input that is left out has no name.
   */
  OnnxValue node(
      String name,
      String domain,
      String operator,
      List<OnnxValue> inputs,
      OnnxValue output,
      AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setName(name).setOpType(operator).setDomain(domain);
    inputs.forEach(input -> node.addInput(input.name()));
    node.addOutput(output.name()).addAllAttribute(List.of(attributes));
    graph.addNode(node);
    domains.add(domain);
    return declare(output);
  }

  /** The domains of the operators so far. */
  Set<String> domains() {
    return Collections.unmodifiableSet(domains);
  }

  /** The graph from one tensor to another; everything else is inside. */
  GraphProto build(OnnxValue input, OnnxValue output) {
    return build(List.of(input), List.of(output), Map.of());
  }

  /**
   * The graph from some tensors to others; everything else is inside.
   *
   * @param properties of nodes, by their name
   */
  GraphProto build(
      List<OnnxValue> inputs,
      List<OnnxValue> outputs,
      Map<String, Map<String, String>> properties) {
    Map<String, ValueInfoProto> inside = new LinkedHashMap<>(infos);
    inputs.forEach(input -> inside.remove(input.name()));
    outputs.forEach(output -> inside.remove(output.name()));
    inputs.forEach(input -> graph.addInput(info(input)));
    outputs.forEach(output -> graph.addOutput(info(output)));
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      Map<String, String> own = properties.getOrDefault(node.getName(), Map.of());
      node.addAllMetadataProps(PropertyEntries.entries(own));
    }
    return graph.addAllValueInfo(inside.values()).build();
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
