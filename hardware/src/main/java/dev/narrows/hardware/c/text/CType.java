package dev.narrows.hardware.c.text;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.network.tensor.TensorType;

/** The types that hold codes, weights, sums and, where a network has them, real numbers. */
public enum CType {
  INT8("int8_t", Byte.MIN_VALUE, Byte.MAX_VALUE, 1),
  UINT8("uint8_t", 0, 255, 1),
  INT16("int16_t", Short.MIN_VALUE, Short.MAX_VALUE, 2),
  UINT16("uint16_t", 0, 65535, 2),
  INT32("int32_t", Integer.MIN_VALUE, Integer.MAX_VALUE, 4),
  INT64("int64_t", Long.MIN_VALUE, Long.MAX_VALUE, 8),
  /** Checksums alone. */
  UINT32("uint32_t", 0, 0xFFFF_FFFFL, 4),
  /** IEEE 754 binary32, of which constants are given by their bits. */
  FLOAT("float", 0, 0, 4);

  private final String word;
  private final long min;
  private final long max;
  private final int bytes;

  CType(String word, long min, long max, int bytes) {
    this.word = word;
    this.min = min;
    this.max = max;
    this.bytes = bytes;
  }

  /** The type that holds the elements of a tensor. */
  public static CType of(TensorType tensor) {
    return tensor.isFloat() ? FLOAT : of(tensor.quantization().format());
  }

  /** The smallest type that holds the codes of a format; signed ones for signed formats. */
  public static CType of(IntegerFormat format) {
    return holding(format.min(), format.max());
  }

  /** The smallest type that holds a range; unsigned ones of 8 and 16 bits where signed do not. */
  public static CType holding(long least, long most) {
    for (CType type : values()) {
      if (type.holds(least, most)) {
        return type;
      }
    }
    throw new IllegalStateException("int64_t holds every long");
  }

  /** The smallest signed type that holds a range. */
  public static CType signed(long least, long most) {
    CType type = holding(least, most);
    return type == UINT8 ? INT16 : type == UINT16 ? INT32 : type;
  }

  /** The type that sums are computed in: of 32 bits, or of 64. */
  public static CType sum(long least, long most) {
    return INT32.holds(least, most) ? INT32 : INT64;
  }

  public boolean holds(long least, long most) {
    return least >= min && most <= max;
  }

  public int bytes() {
    return bytes;
  }

  /**
   * The type of the array that buffers of this type lie in: C allows no object to be read as one of
   * another type, unless they differ in their sign alone.
   */
  public CType arena() {
    return switch (this) {
      case INT8, UINT8 -> INT8;
      case INT16, UINT16 -> INT16;
      case INT32, UINT32 -> INT32;
      case INT64 -> INT64;
      case FLOAT -> FLOAT;
    };
  }

  /** A constant of this type; the smallest number has no literal of its own in C. */
  public String literal(long value) {
    if (this == INT64) {
      return value == Long.MIN_VALUE ? "INT64_MIN" : "INT64_C(" + value + ")";
    }
    if (this == UINT32) {
      return value + "u";
    }
    if (this == FLOAT) {
      return number(Float.intBitsToFloat((int) value));
    }
    return value == Integer.MIN_VALUE ? "INT32_MIN" : Long.toString(value);
  }

  /** A number in hexadecimal, which is exact; those that are not finite are names of math.h. */
  private static String number(float value) {
    if (Float.isNaN(value)) {
      return "NAN";
    }
    if (Float.isInfinite(value)) {
      return value > 0 ? "INFINITY" : "-INFINITY";
    }
    return value == 0 && 1 / value > 0 ? "0.0f" : Float.toHexString(value) + "f";
  }

  /** "int8_t". */
  @Override
  public String toString() {
    return word;
  }
}
