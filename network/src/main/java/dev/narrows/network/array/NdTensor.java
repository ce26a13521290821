package dev.narrows.network.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * An array of any number of dimensions, row-major; with no dimensions one element, with a dimension
 * of 0 none.
 *
 * @param data little-endian, elements of less than 8 bits packed, low bits first; empty for
 *     strings. Shared, do not modify
 * @param strings the elements of an array of strings, else empty
 */
public record NdTensor(NdType type, List<Integer> dims, byte[] data, List<String> strings) {
  /**
   * @throws IllegalArgumentException if the dimensions and the data do not fit
   */
  public NdTensor {
    dims = List.copyOf(dims);
    strings = List.copyOf(strings);
    long elements = count(dims);
    boolean fits =
        type == NdType.STRING
            ? strings.size() == elements && data.length == 0
            : strings.isEmpty() && data.length == type.bytes(elements);
    if (!fits) {
      throw new IllegalArgumentException(
          "%s %s needs %s, got %d bytes and %d strings"
              .formatted(
                  type,
                  dims,
                  type == NdType.STRING ? elements + " strings" : type.bytes(elements) + " bytes",
                  data.length,
                  strings.size()));
    }
  }

  /**
   * The number of elements of a shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the count leaves 2^31 − 1
   */
  public static long count(List<Integer> dims) {
    long elements = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("dimensions must not be negative, got " + dims);
      }
      elements *= dim;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(dims + " is more than 2^31 - 1 elements");
      }
    }
    return elements;
  }

  /** An array of numbers in binary32. */
  public static NdTensor of(float[] values, int... dims) {
    ByteBuffer bytes = buffer(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return new NdTensor(NdType.FLOAT, list(dims), bytes.array(), List.of());
  }

  /** An array of numbers in binary64. */
  public static NdTensor of(double[] values, int... dims) {
    ByteBuffer bytes = buffer(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return new NdTensor(NdType.DOUBLE, list(dims), bytes.array(), List.of());
  }

  /** An array of 64-bit integers. */
  public static NdTensor of(long[] values, int... dims) {
    return ofIntegers(NdType.INT64, values, list(dims));
  }

  /** An array of strings. */
  public static NdTensor of(List<String> values, int... dims) {
    return new NdTensor(NdType.STRING, list(dims), new byte[0], values);
  }

  /**
   * An array of integers, or of truth values as 0 and 1, in a type that holds them; higher bits are
   * cut.
   */
  public static NdTensor ofIntegers(NdType type, long[] values, List<Integer> dims) {
    byte[] data = new byte[Math.toIntExact(type.bytes(values.length))];
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      switch (type.bits()) {
        case 64 -> bytes.putLong(values[i]);
        case 32 -> bytes.putInt((int) values[i]);
        case 16 -> bytes.putShort((short) values[i]);
        case 8 -> bytes.put((byte) values[i]);
        default -> {
          int bit = i * type.bits();
          int mask = (1 << type.bits()) - 1;
          data[bit / 8] |= (byte) ((values[i] & mask) << bit % 8);
        }
      }
    }
    return new NdTensor(type, dims, data, List.of());
  }

  /** The number of elements. */
  public int elements() {
    return (int) count(dims);
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** Little-endian, read-only, from the first byte. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The elements as integers, UINT64 as its bits; of truth values 0 and 1.
   *
   * @throws IllegalArgumentException if they are floating-point numbers or strings
   */
  public long[] integers() {
    if (!type.isInteger() && type != NdType.BOOL) {
      throw new IllegalArgumentException("expected integers, got " + type);
    }
    long[] values = new long[elements()];
    ByteBuffer bytes = bytes();
    int bits = type.bits();
    for (int i = 0; i < values.length; i++) {
      long word =
          switch (bits) {
            case 64 -> bytes.getLong(i * 8);
            case 32 -> bytes.getInt(i * 4);
            case 16 -> bytes.getShort(i * 2);
            default -> data[i * bits / 8] >> i * bits % 8;
          };
      values[i] =
          bits == 64
              ? word
              : type.isSigned() ? word << 64 - bits >> 64 - bits : word & (1L << bits) - 1;
    }
    return values;
  }

  /**
   * The elements as numbers in binary32: exact for all of at most 24 bits, else rounded to nearest
   * even.
   *
   * @throws IllegalArgumentException if they are strings or complex
   */
  public float[] floats() {
    if (type == NdType.FLOAT) {
      float[] values = new float[elements()];
      bytes().asFloatBuffer().get(values);
      return values;
    }
    double[] wide = doubles();
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  /**
   * The elements as numbers in binary64: exact but for 64-bit integers beyond 2^53.
   *
   * @throws IllegalArgumentException if they are strings or complex
   */
  public double[] doubles() {
    if (type.isInteger() || type == NdType.BOOL) {
      return Arrays.stream(integers()).asDoubleStream().toArray();
    }
    ByteBuffer bytes = bytes();
    return switch (type) {
      case FLOAT -> numbers(i -> bytes.getFloat(i * 4));
      case DOUBLE -> numbers(i -> bytes.getDouble(i * 8));
      case FLOAT16 -> numbers(i -> Float.float16ToFloat(bytes.getShort(i * 2)));
      case BFLOAT16 -> numbers(i -> Float.intBitsToFloat(bytes.getShort(i * 2) << 16));
      case FLOAT8E4M3FN -> numbers(i -> SmallFloats.e4m3fn(data[i]));
      case FLOAT8E4M3FNUZ -> numbers(i -> SmallFloats.e4m3fnuz(data[i]));
      case FLOAT8E5M2 -> numbers(i -> SmallFloats.e5m2(data[i]));
      case FLOAT8E5M2FNUZ -> numbers(i -> SmallFloats.e5m2fnuz(data[i]));
      case FLOAT8E8M0 -> numbers(i -> SmallFloats.e8m0(data[i]));
      case FLOAT4E2M1 -> numbers(i -> SmallFloats.e2m1(data[i / 2] >> i % 2 * 4));
      default -> throw new IllegalArgumentException("expected numbers, got " + type);
    };
  }

  private double[] numbers(IntToDoubleFunction element) {
    return IntStream.range(0, elements()).mapToDouble(element).toArray();
  }

  /** The same elements in another shape. */
  public NdTensor shaped(List<Integer> other) {
    return new NdTensor(type, other, data, strings);
  }

  /** "FLOAT [1, 3, 32, 32]". */
  public String describe() {
    return type + " " + dims;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NdTensor that
        && type == that.type
        && dims.equals(that.dims)
        && Arrays.equals(data, that.data)
        && strings.equals(that.strings);
  }

  @Override
  public int hashCode() {
    return 31 * dims.hashCode() + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return describe();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Integer> list(int... dims) {
    return Arrays.stream(dims).boxed().toList();
  }
}
