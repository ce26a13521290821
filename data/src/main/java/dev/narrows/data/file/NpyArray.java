package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A NumPy array in memory: at most 2^31 − 1 elements, C order (the last index runs fastest).
 *
 * @param shape the sizes, outermost first; empty for a single number
 * @param data the elements, little-endian, {@code type.bytes()} each; on the Java heap, or those of
 *     a file that is mapped
 */
public record NpyArray(NpyType type, List<Integer> shape, MemorySegment data) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Checks that shape and data agree. */
  public NpyArray {
    shape = List.copyOf(shape);
    long elements = 1;
    for (int size : shape) {
      elements *= size;
      if (size < 0 || elements > Integer.MAX_VALUE) {
        throw new DataException("array shape " + shape + " is not one of fewer than 2^31 elements");
      }
    }
    if (data.byteSize() != elements * type.bytes()) {
      throw new DataException(
          "array of shape %s and type %s needs %d bytes, got %d"
              .formatted(shape, type.descr(), elements * type.bytes(), data.byteSize()));
    }
  }

  /** Zeros. */
  static NpyArray allocate(NpyType type, List<Integer> shape, long elements) {
    long bytes = elements * type.bytes();
    // long[] rather than byte[]: 2^31 elements of 8 bytes still fit.
    MemorySegment data =
        MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
    return new NpyArray(type, shape, data);
  }

  /** Signed bytes. */
  public static NpyArray of(byte[] values, int... shape) {
    NpyArray array = allocate(NpyType.INT8, boxed(shape), values.length);
    MemorySegment.copy(values, 0, array.data, ValueLayout.JAVA_BYTE, 0, values.length);
    return array;
  }

  /** Unsigned bytes. */
  public static NpyArray ofUnsigned(byte[] values, int... shape) {
    return new NpyArray(NpyType.UINT8, boxed(shape), of(values, shape).data);
  }

  /** Signed 32-bit integers. */
  public static NpyArray of(int[] values, int... shape) {
    NpyArray array = allocate(NpyType.INT32, boxed(shape), values.length);
    MemorySegment.copy(values, 0, array.data, INT, 0, values.length);
    return array;
  }

  /** Signed 64-bit integers. */
  public static NpyArray of(long[] values, int... shape) {
    NpyArray array = allocate(NpyType.INT64, boxed(shape), values.length);
    MemorySegment.copy(values, 0, array.data, LONG, 0, values.length);
    return array;
  }

  /** 32-bit floats. */
  public static NpyArray of(float[] values, int... shape) {
    NpyArray array = allocate(NpyType.FLOAT32, boxed(shape), values.length);
    for (int i = 0; i < values.length; i++) {
      array.data.setAtIndex(INT, i, Float.floatToRawIntBits(values[i]));
    }
    return array;
  }

  /** 64-bit floats. */
  public static NpyArray of(double[] values, int... shape) {
    NpyArray array = allocate(NpyType.FLOAT64, boxed(shape), values.length);
    for (int i = 0; i < values.length; i++) {
      array.data.setAtIndex(LONG, i, Double.doubleToRawLongBits(values[i]));
    }
    return array;
  }

  private static List<Integer> boxed(int[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  /** The number of elements. */
  public int elements() {
    return (int) (data.byteSize() / type.bytes());
  }

  /**
   * Element {@code index} (in C order) of an integer or boolean array.
   *
   * @throws DataException if it is a uint64 of 2^63 or more
   * @throws IllegalStateException if the type is floating
   */
  public long integer(int index) {
    return switch (type) {
      case BOOL -> data.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
      case INT8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case UINT8 -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case INT16 -> data.getAtIndex(SHORT, index);
      case UINT16 -> data.getAtIndex(SHORT, index) & 0xFFFF;
      case INT32 -> data.getAtIndex(INT, index);
      case UINT32 -> data.getAtIndex(INT, index) & 0xFFFF_FFFFL;
      case INT64 -> data.getAtIndex(LONG, index);
      case UINT64 -> {
        long value = data.getAtIndex(LONG, index);
        if (value < 0) {
          throw new DataException(
              "element %d is %s, expected less than 2^63"
                  .formatted(index, Long.toUnsignedString(value)));
        }
        yield value;
      }
      case FLOAT16, FLOAT32, FLOAT64 ->
          throw new IllegalStateException("array of " + type + " has no integers");
    };
  }

  /** Element {@code index} (in C order) as a double; exact but for integers beyond 2^53. */
  public double real(int index) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat(data.getAtIndex(SHORT, index));
      case FLOAT32 -> Float.intBitsToFloat(data.getAtIndex(INT, index));
      case FLOAT64 -> Double.longBitsToDouble(data.getAtIndex(LONG, index));
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> integer(index);
    };
  }

  /**
   * All elements of an integer array.
   *
   * @throws DataException naming the first element that is not a 32-bit integer
   */
  public int[] toInts() {
    int[] values = new int[elements()];
    if (type == NpyType.INT32) {
      MemorySegment.copy(data, INT, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      long value = integer(i);
      if (value != (int) value) {
        throw new DataException(
            "element " + i + " is " + value + ", expected a signed 32-bit integer");
      }
      values[i] = (int) value;
    }
    return values;
  }

  /** All elements, doubles and large integers rounded to the nearest float. */
  public float[] toFloats() {
    float[] values = new float[elements()];
    if (type == NpyType.FLOAT32) {
      MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) real(i);
    }
    return values;
  }

  /** Equal type, shape and bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NpyArray that
        && type == that.type
        && shape.equals(that.shape)
        && data.mismatch(that.data) < 0;
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + shape.hashCode();
  }

  @Override
  public String toString() {
    return type.descr() + shape;
  }
}
