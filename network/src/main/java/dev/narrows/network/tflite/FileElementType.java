package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import java.util.Optional;

/** The schema's {@code TensorType}, in its order. */
enum FileElementType {
  FLOAT32(4),
  FLOAT16(2),
  INT32(4),
  UINT8(1),
  INT64(8),
  STRING(0),
  BOOL(1),
  INT16(2),
  COMPLEX64(8),
  INT8(1),
  FLOAT64(8),
  COMPLEX128(16),
  UINT64(8),
  RESOURCE(0),
  VARIANT(0),
  UINT32(4),
  UINT16(2),
  INT4(0),
  BFLOAT16(2),
  INT2(0),
  UINT4(0);

  private final int bytes;

  FileElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element; 0 where elements have no size of their own. */
  int bytes() {
    return bytes;
  }

  /** Bytes of so many elements; 0 where that is not known. */
  long bytes(int elements) {
    return this == INT4 ? (elements + 1L) / 2 : (long) bytes * elements;
  }

  /** The codes of a tensor of integers, of 64 bits the lower 32; empty for other types. */
  Optional<IntegerFormat> codes() {
    return switch (this) {
      case UINT8 -> Optional.of(IntegerFormat.unsigned(8));
      case INT8 -> Optional.of(IntegerFormat.signed(8));
      case INT16 -> Optional.of(IntegerFormat.signed(16));
      case INT32, INT64 -> Optional.of(IntegerFormat.signed(32));
      case INT4 -> Optional.of(IntegerFormat.signed(4));
      case BOOL -> Optional.of(IntegerFormat.unsigned(1));
      default -> Optional.empty();
    };
  }
}
