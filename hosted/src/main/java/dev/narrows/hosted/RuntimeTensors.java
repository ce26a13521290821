package dev.narrows.hosted;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Arrays on their way into the library and out of it. */
final class RuntimeTensors {
  private static final int MOST = Integer.MAX_VALUE - 8; // elements of a Java array

  private RuntimeTensors() {}

  /** A copy of an array for the library; whoever asks closes it. */
  static OnnxTensor given(OrtEnvironment environment, NdTensor tensor) throws OrtException {
    long[] shape = tensor.dims().stream().mapToLong(Integer::longValue).toArray();
    if (tensor.type() == NdType.STRING) {
      return OnnxTensor.createTensor(environment, tensor.strings().toArray(String[]::new), shape);
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(tensor.data()).flip();
    return OnnxTensor.createTensor(environment, bytes, shape, javaType(tensor.type()));
  }

  private static OnnxJavaType javaType(NdType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      default -> throw new HostedException("ONNX Runtime's Java library takes no " + type);
    };
  }

  /** A copy of what the library made. */
  static NdTensor made(String name, OnnxTensor tensor) throws OrtException {
    NdType type =
        type(tensor.getInfo().onnxType)
            .orElseThrow(() ->
                new HostedException(
                    "\"%s\" has elements that ONNX Runtime's Java library lacks".formatted(name)));
    List<Integer> dims = new ArrayList<>();
    for (long dim : tensor.getInfo().getShape()) {
      if (dim > Integer.MAX_VALUE) {
        throw new HostedException("\"" + name + "\" has a dimension of " + dim);
      }
      dims.add((int) dim);
    }
    if (type == NdType.STRING) {
      return new NdTensor(type, dims, new byte[0], strings(tensor.getValue()));
    }
    long bytes = type.bytes(NdTensor.count(dims));
    if (bytes > MOST) {
      throw new HostedException("\"%s\" has %d bytes".formatted(name, bytes));
    }
    byte[] data = new byte[(int) bytes];
    if (data.length > 0) {
      tensor.getByteBuffer().get(data);
    }
    return new NdTensor(type, dims, data, List.of());
  }

  /** Strings come as arrays of arrays, or as one string. */
  private static List<String> strings(Object value) {
    return value instanceof Object[] parts
        ? Arrays.stream(parts).flatMap(part -> strings(part).stream()).toList()
        : List.of(String.valueOf(value));
  }

  /** The library's types are named as ONNX names them. */
  static Optional<NdType> type(OnnxTensorType type) {
    String name = type.name().substring("ONNX_TENSOR_ELEMENT_DATA_TYPE_".length());
    return Arrays.stream(NdType.values()).filter(one -> one.name().equals(name)).findFirst();
  }
}
