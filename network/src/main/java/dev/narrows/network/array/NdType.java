package dev.narrows.network.array;

import java.util.Arrays;
import java.util.Optional;

/** What the elements of an {@link NdTensor} are; names and numbers are ONNX's. */
public enum NdType {
  FLOAT(1, 32),
  UINT8(2, 8),
  INT8(3, 8),
  UINT16(4, 16),
  INT16(5, 16),
  INT32(6, 32),
  INT64(7, 64),
  STRING(8, 0),
  BOOL(9, 8),
  FLOAT16(10, 16),
  DOUBLE(11, 64),
  UINT32(12, 32),
  UINT64(13, 64),
  COMPLEX64(14, 64),
  COMPLEX128(15, 128),
  BFLOAT16(16, 16),
  FLOAT8E4M3FN(17, 8),
  FLOAT8E4M3FNUZ(18, 8),
  FLOAT8E5M2(19, 8),
  FLOAT8E5M2FNUZ(20, 8),
  UINT4(21, 4),
  INT4(22, 4),
  FLOAT4E2M1(23, 4),
  FLOAT8E8M0(24, 8),
  UINT2(25, 2),
  INT2(26, 2);

  private final int number;
  private final int bits;

  NdType(int number, int bits) {
    this.number = number;
    this.bits = bits;
  }

  /** The type's number in ONNX's {@code TensorProto.DataType}. */
  public int number() {
    return number;
  }

  /**
   * Bits of one element; 0 for strings. Elements of less than 8 bits are packed, low bits first.
   */
  public int bits() {
    return bits;
  }

  /** Whether elements are integers (BOOL is not). */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 ->
          true;
      default -> false;
    };
  }

  /** Whether integers have a sign. */
  public boolean isSigned() {
    return switch (this) {
      case INT8, INT16, INT32, INT64, INT4, INT2 -> true;
      default -> false;
    };
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT,
          FLOAT16,
          DOUBLE,
          BFLOAT16,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1,
          FLOAT8E8M0 ->
          true;
      default -> false;
    };
  }

  /** Bytes that {@code elements} elements take; not for strings. */
  public long bytes(long elements) {
    return Math.ceilDiv(Math.multiplyExact(elements, (long) bits), 8L);
  }

  /** The type of a number; empty if ONNX has none or it is newer. */
  public static Optional<NdType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }
}
