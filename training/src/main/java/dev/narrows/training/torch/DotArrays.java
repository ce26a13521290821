package dev.narrows.training.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Arrays of a simulator's numbers, and their way from and to float32 memory: rows there are columns
 * here.
 *
 * @param <A> {@code int[]} of codes, or {@code float[]} of floating-point numbers
 */
sealed interface DotArrays<A> {
  /** Codes. */
  DotArrays<int[]> CODES = new CodeArrays();

  /** Floating-point numbers. */
  DotArrays<float[]> FLOATS = new FloatArrays();

  /** An array of zeros. */
  A zeros(int length);

  /** A copy of a part. */
  A copy(A from, int start, int end);

  /** Makes a part zeros. */
  void clear(A array, int start, int end);

  /** Copies single elements. */
  KernelTaps.ElementCopy copier(A from, A to);

  /** Element {@code r * columns + c} of the source becomes {@code c * stride + r} of the target. */
  void turn(float[] source, int rows, int columns, A target, int stride);

  /** Element {@code c * stride + r} of the source becomes {@code r * columns + c} of the target. */
  void turnBack(A source, int stride, int rows, int columns, float[] target);

  /**
   * Reads rows as columns.
   *
   * @param first of the rows
   * @param between room for the rows
   * @param target element c of row j goes to {@code c * stride + j}
   */
  default void read(
      MemorySegment source,
      long first,
      int rows,
      int columns,
      float[] between,
      A target,
      int stride) {
    MemorySegment.copy(
        source, ValueLayout.JAVA_FLOAT, 4 * first * columns, between, 0, rows * columns);
    turn(between, rows, columns, target, stride);
  }

  /** Writes columns as rows, see {@link #read}. */
  default void write(
      A source,
      int stride,
      int rows,
      int columns,
      float[] between,
      MemorySegment target,
      long first) {
    turnBack(source, stride, rows, columns, between);
    MemorySegment.copy(
        between, 0, target, ValueLayout.JAVA_FLOAT, 4 * first * columns, rows * columns);
  }

  /** Codes are whole numbers, also in float32. */
  final class CodeArrays implements DotArrays<int[]> {
    private CodeArrays() {}

    @Override
    public int[] zeros(int length) {
      return new int[length];
    }

    @Override
    public int[] copy(int[] from, int start, int end) {
      return Arrays.copyOfRange(from, start, end);
    }

    @Override
    public void clear(int[] array, int start, int end) {
      Arrays.fill(array, start, end, 0);
    }

    @Override
    public KernelTaps.ElementCopy copier(int[] from, int[] to) {
      return (i, j) -> to[j] = from[i];
    }

    @Override
    public void turn(float[] source, int rows, int columns, int[] target, int stride) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          target[c * stride + r] = (int) source[r * columns + c];
        }
      }
    }

    @Override
    public void turnBack(int[] source, int stride, int rows, int columns, float[] target) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          target[r * columns + c] = source[c * stride + r];
        }
      }
    }
  }

  /** Numbers as they are. */
  final class FloatArrays implements DotArrays<float[]> {
    private FloatArrays() {}

    @Override
    public float[] zeros(int length) {
      return new float[length];
    }

    @Override
    public float[] copy(float[] from, int start, int end) {
      return Arrays.copyOfRange(from, start, end);
    }

    @Override
    public void clear(float[] array, int start, int end) {
      Arrays.fill(array, start, end, 0);
    }

    @Override
    public KernelTaps.ElementCopy copier(float[] from, float[] to) {
      return (i, j) -> to[j] = from[i];
    }

    @Override
    public void turn(float[] source, int rows, int columns, float[] target, int stride) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          target[c * stride + r] = source[r * columns + c];
        }
      }
    }

    @Override
    public void turnBack(float[] source, int stride, int rows, int columns, float[] target) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          target[r * columns + c] = source[c * stride + r];
        }
      }
    }
  }
}
