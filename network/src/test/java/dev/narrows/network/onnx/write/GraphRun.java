package dev.narrows.network.onnx.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The operators that exported graphs use, from their descriptions in ONNX and QONNX, in 64-bit
 * integers. Every tensor must have the type, the shape and the datatype that the graph declares for
 * it, and what float32 carries must be exact there.
 */
final class GraphRun {
  /** Elements in row-major order. */
  record Tensor(int[] shape, long[] values) {
    int size(int axis) {
      return shape[axis];
    }
  }

  private final GraphProto graph;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, ValueInfoProto> infos = new HashMap<>();
  private final Map<String, String> datatypes = new HashMap<>();

  GraphRun(GraphProto graph) {
    this.graph = graph;
    List.of(graph.getInputList(), graph.getOutputList(), graph.getValueInfoList())
        .forEach(
            list -> list.forEach(info -> assertThat(infos.put(info.getName(), info)).isNull()));
    graph
        .getQuantizationAnnotationList()
        .forEach(a -> {
          assertThat(a.getQuantParameterTensorNames(0).getKey()).isEqualTo("finn_datatype");
          datatypes.put(a.getTensorName(), a.getQuantParameterTensorNames(0).getValue());
        });
    graph.getInitializerList().forEach(this::constant);
  }

  /** All tensors by name, for one image's codes. */
  Map<String, Tensor> run(int[] codes) {
    ValueInfoProto input = graph.getInput(0);
    put(input.getName(), new Tensor(shape(input), Arrays.stream(codes).asLongStream().toArray()));
    graph.getNodeList().forEach(node -> put(node.getOutput(0), result(node)));
    return tensors;
  }

  private void constant(TensorProto tensor) {
    int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    ByteBuffer bytes =
        ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (TensorProto.DataType.forNumber(tensor.getDataType())) {
            case FLOAT -> (long) bytes.getFloat();
            case DOUBLE -> (long) bytes.getDouble();
            case INT64 -> bytes.getLong();
            case null, default -> throw new AssertionError("constant of another type");
          };
    }
    assertThat(bytes.hasRemaining()).isFalse();
    put(tensor.getName(), new Tensor(shape, values));
  }

  private void put(String name, Tensor tensor) {
    ValueInfoProto info = present(infos, name);
    assertThat(tensor.shape).as(name).isEqualTo(shape(info));
    var type = TensorProto.DataType.forNumber(info.getType().getTensorType().getElemType());
    long most = type == TensorProto.DataType.FLOAT ? 1L << 24 : 1L << 53;
    String datatype =
        datatypes.getOrDefault(name, type == TensorProto.DataType.INT64 ? "INT64" : "");
    long low = low(datatype);
    long high = high(datatype);
    for (long value : tensor.values) {
      if (value < low || value > high) {
        throw new AssertionError(name + ": " + value + " is no " + datatype);
      }
      if (type != TensorProto.DataType.INT64 && Math.abs(value) > most) {
        throw new AssertionError(name + ": " + value + " is not sure to be exact in " + type);
      }
    }
    tensors.put(name, tensor);
  }

  private static long low(String datatype) {
    return datatype.startsWith("INT") ? -1L << (bits(datatype) - 1) : 0;
  }

  private static long high(String datatype) {
    return datatype.startsWith("INT") ? ~low(datatype) : (1L << bits(datatype)) - 1;
  }

  private static int bits(String datatype) {
    return datatype.equals("BINARY") ? 1 : Integer.parseInt(datatype.replaceAll("U?INT", ""));
  }

  private static int[] shape(ValueInfoProto info) {
    return info.getType().getTensorType().getShape().getDimList().stream()
        .mapToInt(dim -> Math.toIntExact(dim.getDimValue()))
        .toArray();
  }

  static <V> V present(Map<String, V> map, String name) {
    V value = map.get(name);
    if (value == null) {
      throw new AssertionError("the graph has no tensor " + name);
    }
    return value;
  }

  private Tensor in(NodeProto node, int index) {
    return present(tensors, node.getInput(index));
  }

  private Tensor result(NodeProto node) {
    Tensor x = in(node, 0);
    return switch (node.getOpType()) {
      case "Conv" -> convolution(node, x, in(node, 1), false);
      case "ConvTranspose" -> convolution(node, x, in(node, 1), true);
      case "MatMul" -> product(x, in(node, 1));
      case "MultiThreshold" -> thresholds(node, x, in(node, 1));
      case "MaxPool" -> maxPool(node, x);
      case "Add" -> each(x, in(node, 1), Math::addExact);
      case "Mul" -> each(x, in(node, 1), Math::multiplyExact);
      case "Div" -> each(x, in(node, 1), (a, b) -> a / b);
      case "Clip" -> each(each(x, in(node, 1), Math::max), in(node, 2), Math::min);
      case "Cast" -> x;
      case "Flatten" -> new Tensor(new int[] {1, x.values.length}, x.values);
      case "Reshape" ->
          new Tensor(
              Arrays.stream(in(node, 1).values).mapToInt(Math::toIntExact).toArray(), x.values);
      case "Gather" ->
          new Tensor(
              in(node, 1).shape,
              Arrays.stream(in(node, 1).values)
                  .map(i -> x.values[(int) (i < 0 ? i + x.values.length : i)])
                  .toArray());
      case "Concat" -> joined(node);
      case "Pad" -> pad(x, in(node, 1).values);
      default -> throw new AssertionError("operator " + node.getOpType());
    };
  }

  /** Channels of one image behind each other. */
  private Tensor joined(NodeProto node) {
    List<Tensor> parts = node.getInputList().stream().map(name -> present(tensors, name)).toList();
    int[] shape = parts.getFirst().shape.clone();
    shape[1] = parts.stream().mapToInt(part -> part.size(1)).sum();
    return new Tensor(
        shape, parts.stream().flatMapToLong(part -> Arrays.stream(part.values)).toArray());
  }

  private interface Pair {
    long of(long left, long right);
  }

  /** Element by element; the right side has one element, one a channel, or as many. */
  private static Tensor each(Tensor left, Tensor right, Pair pair) {
    long[] values = new long[left.values.length];
    int perChannel = left.values.length / left.size(1);
    for (int i = 0; i < values.length; i++) {
      int at = i;
      if (right.values.length == 1) {
        at = 0;
      } else if (right.values.length == left.size(1)) {
        at = i / perChannel;
      }
      values[i] = pair.of(left.values[i], right.values[at]);
    }
    return new Tensor(left.shape, values);
  }

  private static Tensor product(Tensor x, Tensor weights) {
    long[] values = new long[weights.size(1)];
    for (int k = 0; k < weights.size(0); k++) {
      for (int c = 0; c < values.length; c++) {
        values[c] += x.values[k] * weights.values[k * values.length + c];
      }
    }
    return new Tensor(new int[] {1, values.length}, values);
  }

  private static Tensor thresholds(NodeProto node, Tensor x, Tensor table) {
    assertThat(node.getDomain()).isEqualTo("qonnx.custom_op.general");
    long bias = (long) attribute(node, "out_bias").getF();
    int count = table.size(1);
    int perChannel = x.values.length / x.size(1);
    long[] values = new long[x.values.length];
    for (int i = 0; i < values.length; i++) {
      int row = table.size(0) == 1 ? 0 : i / perChannel;
      values[i] = bias;
      for (int t = row * count; t < (row + 1) * count; t++) {
        values[i] += x.values[i] >= table.values[t] ? 1 : 0;
      }
    }
    return new Tensor(x.shape, values);
  }

  private static Tensor convolution(NodeProto node, Tensor x, Tensor w, boolean transposed) {
    int groups = (int) attribute(node, "group").getI();
    long[] strides = integers(node, "strides", 1, 1);
    long[] dilations = integers(node, "dilations", 1, 1);
    long[] pads = integers(node, "pads", 0, 0, 0, 0);
    long[] more = integers(node, "output_padding", 0, 0);
    int channels = transposed ? w.size(1) * groups : w.size(0);
    int inputs = x.size(1) / groups;
    int outputs = channels / groups;
    int[] size = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      long extent = (w.size(2 + axis) - 1) * dilations[axis] + 1;
      long in = x.size(2 + axis);
      long padded = pads[axis] + pads[axis + 2];
      size[axis] =
          (int)
              (transposed
                  ? (in - 1) * strides[axis] + more[axis] + extent - padded
                  : (in + padded - extent) / strides[axis] + 1);
    }
    long[] values = new long[channels * size[0] * size[1]];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < inputs; i++) {
        int from = c / outputs * inputs + i;
        for (int tap = 0; tap < w.size(2) * w.size(3); tap++) {
          int kernelRow = tap / w.size(3);
          int kernelColumn = tap % w.size(3);
          int weight = transposed ? from * outputs + c % outputs : c * inputs + i;
          long q = w.values[weight * w.size(2) * w.size(3) + tap];
          int many = transposed ? x.size(2) * x.size(3) : size[0] * size[1];
          int width = transposed ? x.size(3) : size[1];
          for (int at = 0; at < many; at++) { // position of the side that the window moves over
            long farRow = at / width * strides[0] - pads[0] + kernelRow * dilations[0];
            long farColumn = at % width * strides[1] - pads[1] + kernelColumn * dilations[1];
            int farHeight = transposed ? size[0] : x.size(2);
            int farWidth = transposed ? size[1] : x.size(3);
            if (farRow < 0 || farRow >= farHeight || farColumn < 0 || farColumn >= farWidth) {
              continue;
            }
            int far = (int) (farRow * farWidth + farColumn);
            int source = transposed ? at : far;
            int target = transposed ? far : at;
            values[c * size[0] * size[1] + target] +=
                q * x.values[from * x.size(2) * x.size(3) + source];
          }
        }
      }
    }
    return new Tensor(new int[] {1, channels, size[0], size[1]}, values);
  }

  private static Tensor maxPool(NodeProto node, Tensor x) {
    long[] kernel = integers(node, "kernel_shape");
    long[] strides = integers(node, "strides", 1, 1);
    long[] pads = integers(node, "pads", 0, 0, 0, 0);
    int height = (int) ((x.size(2) + pads[0] + pads[2] - kernel[0]) / strides[0] + 1);
    int width = (int) ((x.size(3) + pads[1] + pads[3] - kernel[1]) / strides[1] + 1);
    long[] values = new long[x.size(1) * height * width];
    for (int i = 0; i < values.length; i++) {
      int c = i / (height * width);
      values[i] = Long.MIN_VALUE;
      for (int tap = 0; tap < kernel[0] * kernel[1]; tap++) {
        long row = i / width % height * strides[0] - pads[0] + tap / kernel[1];
        long column = i % width * strides[1] - pads[1] + tap % kernel[1];
        if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3)) {
          values[i] =
              Math.max(values[i], x.values[(int) ((c * x.size(2) + row) * x.size(3) + column)]);
        }
      }
    }
    return new Tensor(new int[] {1, x.size(1), height, width}, values);
  }

  /** Zeros in front of and behind the channels. */
  private static Tensor pad(Tensor x, long[] pads) {
    int rank = x.shape.length;
    assertThat(pads).hasSize(2 * rank);
    int before = (int) pads[1];
    int after = (int) pads[rank + 1];
    int perChannel = x.values.length / x.size(1);
    int[] shape = x.shape.clone();
    shape[1] += before + after;
    long[] values = new long[shape[1] * perChannel];
    System.arraycopy(x.values, 0, values, before * perChannel, x.values.length);
    return new Tensor(shape, values);
  }

  private static AttributeProto attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(a -> a.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(node.getOpType() + " has no " + name));
  }

  private static long[] integers(NodeProto node, String name, long... otherwise) {
    return node.getAttributeList().stream()
        .filter(a -> a.getName().equals(name))
        .map(a -> a.getIntsList().stream().mapToLong(i -> i).toArray())
        .findFirst()
        .orElse(otherwise);
  }
}
