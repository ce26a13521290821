package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of a file: their elements lie in {@code raw_data}, in the list that fits their type, or
 * in another file.
 */
final class TensorDecoder {
  private static final int MOST_DIMENSIONS = 64;

  private final OnnxSource source;
  private final ExternalData external;
  private final Map<TensorProto, NdTensor> known = new IdentityHashMap<>();

  TensorDecoder(OnnxSource source) {
    this.source = source;
    this.external = new ExternalData(source);
  }

  /** The array of a tensor; the same one each time. */
  NdTensor decode(TensorProto proto, String place) throws NetworkFileException {
    NdTensor tensor = known.get(proto);
    if (tensor == null) {
      tensor = decoded(proto, place);
      known.put(proto, tensor);
    }
    return tensor;
  }

  /** Dimensions as they stand in a tensor. */
  List<Integer> dims(List<Long> dims, String place) throws NetworkFileException {
    if (dims.size() > MOST_DIMENSIONS) {
      throw source.bad(
          place, "expected at most %d dimensions, got %d".formatted(MOST_DIMENSIONS, dims.size()));
    }
    List<Integer> all = new ArrayList<>();
    for (long dim : dims) {
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw source.bad(place, "expected dimensions of 0 to 2^31 - 1, got " + dims);
      }
      all.add((int) dim);
    }
    try {
      NdTensor.count(all);
    } catch (IllegalArgumentException e) {
      throw source.bad(place, String.valueOf(e.getMessage()), e);
    }
    return all;
  }

  /** The element type of a number. */
  NdType type(int number, String place) throws NetworkFileException {
    return NdType.of(number)
        .orElseThrow(() -> source.bad(place, "expected an element type of 1 to 26, got " + number));
  }

  private NdTensor decoded(TensorProto proto, String place) throws NetworkFileException {
    NdType type = type(proto.getDataType(), place);
    List<Integer> dims = dims(proto.getDimsList(), place);
    long elements = NdTensor.count(dims);
    if (proto.hasSegment()) {
      throw source.bad(place, "is one segment of a tensor; expected a whole one");
    }
    requireOneField(proto, type, place);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      if (type == NdType.STRING) {
        throw source.bad(place, "strings cannot lie in another file");
      }
      byte[] data = external.read(proto, length(type, elements, place), place);
      return new NdTensor(type, dims, normal(type, data), List.of());
    }
    if (type == NdType.STRING) {
      require(proto.getStringDataCount(), elements, "strings", type, dims, place);
      List<String> strings =
          proto.getStringDataList().stream().map(ByteString::toStringUtf8).toList();
      return new NdTensor(type, dims, new byte[0], strings);
    }
    if (proto.hasRawData() && !(proto.getRawData().isEmpty() && typed(proto) > 0)) {
      long bytes = length(type, elements, place);
      require(proto.getRawData().size(), bytes, "bytes", type, dims, place);
      byte[] data = proto.getRawData().toByteArray();
      return new NdTensor(type, dims, normal(type, data), List.of());
    }
    return new NdTensor(type, dims, typed(proto, type, dims, elements, place), List.of());
  }

  private int length(NdType type, long elements, String place) throws NetworkFileException {
    long bytes = type.bytes(elements);
    if (bytes > Integer.MAX_VALUE - 8) { // what an array holds
      throw source.bad(place, "is %d bytes, more than 2^31 - 9".formatted(bytes));
    }
    return (int) bytes;
  }

  private void require(
      long found, long expected, String unit, NdType type, List<Integer> dims, String place)
      throws NetworkFileException {
    if (found != expected) {
      throw source.bad(
          place, "%s %s needs %d %s, got %d".formatted(type, dims, expected, unit, found));
    }
  }

  private static long typed(TensorProto proto) {
    return (long) proto.getFloatDataCount()
        + proto.getInt32DataCount()
        + proto.getInt64DataCount()
        + proto.getDoubleDataCount()
        + proto.getUint64DataCount()
        + proto.getStringDataCount();
  }

  /** The list that elements of a type stand in has all there are, and no other field has any. */
  private void requireOneField(TensorProto proto, NdType type, String place)
      throws NetworkFileException {
    long own =
        switch (type) {
          case FLOAT, COMPLEX64 -> proto.getFloatDataCount();
          case DOUBLE, COMPLEX128 -> proto.getDoubleDataCount();
          case INT64 -> proto.getInt64DataCount();
          case UINT32, UINT64 -> proto.getUint64DataCount();
          case STRING -> proto.getStringDataCount();
          default -> proto.getInt32DataCount();
        };
    if (typed(proto) != own) {
      throw source.bad(place, "has elements in a list that is not for " + type);
    }
    boolean isExternal = proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    boolean raw = !proto.getRawData().isEmpty();
    if ((raw ? 1 : 0) + (own > 0 ? 1 : 0) + (isExternal ? 1 : 0) > 1) {
      throw source.bad(place, "has its elements in two places");
    }
    if (raw && type == NdType.STRING) {
      throw source.bad(place, "has strings in raw_data; expected string_data");
    }
  }

  private byte[] typed(
      TensorProto proto, NdType type, List<Integer> dims, long elements, String place)
      throws NetworkFileException {
    int bytes = length(type, elements, place);
    switch (type) {
      case FLOAT, COMPLEX64 -> {
        require(proto.getFloatDataCount(), bytes / 4, "numbers", type, dims, place);
        ByteBuffer data = buffer(bytes);
        for (int i = 0; i < bytes / 4; i++) {
          data.putFloat(proto.getFloatData(i));
        }
        return data.array();
      }
      case DOUBLE, COMPLEX128 -> {
        require(proto.getDoubleDataCount(), bytes / 8, "numbers", type, dims, place);
        ByteBuffer data = buffer(bytes);
        for (int i = 0; i < bytes / 8; i++) {
          data.putDouble(proto.getDoubleData(i));
        }
        return data.array();
      }
      case INT64 -> {
        require(proto.getInt64DataCount(), elements, "integers", type, dims, place);
        ByteBuffer data = buffer(bytes);
        for (int i = 0; i < elements; i++) {
          data.putLong(proto.getInt64Data(i));
        }
        return data.array();
      }
      case UINT64, UINT32 -> {
        require(proto.getUint64DataCount(), elements, "integers", type, dims, place);
        ByteBuffer data = buffer(bytes);
        for (int i = 0; i < elements; i++) {
          long value = proto.getUint64Data(i);
          if (type == NdType.UINT64) {
            data.putLong(value);
          } else if (value >>> 32 == 0) {
            data.putInt((int) value);
          } else {
            throw source.bad(
                place, "%s does not fit UINT32".formatted(Long.toUnsignedString(value)));
          }
        }
        return data.array();
      }
      default -> {
        // elements of less than 8 bits are packed into bytes, and each byte is one int32
        long words = type.bits() < 8 ? bytes : elements;
        require(proto.getInt32DataCount(), words, "integers", type, dims, place);
        return narrow(proto, type, bytes, place);
      }
    }
  }

  private byte[] narrow(TensorProto proto, NdType type, int bytes, String place)
      throws NetworkFileException {
    ByteBuffer data = buffer(bytes);
    int width = Math.max(8, type.bits());
    boolean bits = type.bits() < 8 || type.isFloating(); // patterns, some with their sign extended
    long least = type.isSigned() || bits ? -1L << width - 1 : 0;
    long most = type == NdType.BOOL ? 1 : type.isSigned() && !bits ? ~least : (1L << width) - 1;
    for (int word : proto.getInt32DataList()) {
      if (word < least || word > most) {
        throw source.bad(place, "%d does not fit %s".formatted(word, type));
      }
      switch (width) {
        case 8 -> data.put((byte) word);
        case 16 -> data.putShort((short) word);
        default -> data.putInt(word);
      }
    }
    return data.array();
  }

  /** Truth values are 0 and 1. */
  private static byte[] normal(NdType type, byte[] data) {
    if (type == NdType.BOOL) {
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) (data[i] == 0 ? 0 : 1);
      }
    }
    return data;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
