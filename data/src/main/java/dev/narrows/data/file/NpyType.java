package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The element types of NumPy arrays that are read and written. */
public enum NpyType {
  /** One byte, 0 or 1. */
  BOOL("b1", 1),
  /** Signed 8-bit integer. */
  INT8("i1", 1),
  /** Signed 16-bit integer. */
  INT16("i2", 2),
  /** Signed 32-bit integer. */
  INT32("i4", 4),
  /** Signed 64-bit integer. */
  INT64("i8", 8),
  /** Unsigned 8-bit integer. */
  UINT8("u1", 1),
  /** Unsigned 16-bit integer. */
  UINT16("u2", 2),
  /** Unsigned 32-bit integer. */
  UINT32("u4", 4),
  /** Unsigned 64-bit integer. */
  UINT64("u8", 8),
  /** IEEE 754 binary16. */
  FLOAT16("f2", 2),
  /** IEEE 754 binary32. */
  FLOAT32("f4", 4),
  /** IEEE 754 binary64. */
  FLOAT64("f8", 8);

  private final String code;
  private final int bytes;

  NpyType(String code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The element's size in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is one of the floating types. */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT16, FLOAT32, FLOAT64 -> true;
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> false;
    };
  }

  /** NumPy's text for the little-endian form, such as {@code <f4} or {@code |u1}. */
  public String descr() {
    return (bytes == 1 ? "|" : "<") + code;
  }

  /** The type of a NumPy {@code descr} without its byte-order character. */
  static NpyType ofCode(String code) {
    for (NpyType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    throw new DataException(
        "element type '"
            + code
            + "' is not supported, expected one of "
            + Arrays.stream(values()).map(t -> t.code).collect(Collectors.joining(", ")));
  }
}
