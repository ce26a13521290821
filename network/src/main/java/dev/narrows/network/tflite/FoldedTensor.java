package dev.narrows.network.tflite;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A small constant that operators made of other constants, such as the shape that a reshape reads.
 *
 * @param dims none for a single number; unlike a tensor of the network's it may be empty
 * @param values in the file's order: integers, truths (0 or 1), or the bits of binary32 numbers
 */
record FoldedTensor(FileElementType type, int[] dims, long[] values) {
  /** The most elements that are folded: shapes and indices have few. */
  static final int MOST = 1 << 16;

  private static final int MAX_RANK = 8;

  /** The number of elements; empty if they are too many, or dimensions are. */
  static Optional<Integer> count(int... dims) {
    long count = 1;
    for (int dim : dims) {
      count = Math.min(count * dim, MOST + 1L);
      if (dim < 0) {
        return Optional.empty();
      }
    }
    return count > MOST || dims.length > MAX_RANK ? Optional.empty() : Optional.of((int) count);
  }

  /** A tensor whose element i is element {@code from(i)} of this one; too many give none. */
  Optional<FoldedTensor> moved(int[] to, IntUnaryOperator from) {
    return count(to)
        .map(count -> {
          long[] moved = new long[count];
          Arrays.setAll(moved, i -> values[from.applyAsInt(i)]);
          return new FoldedTensor(type, to, moved);
        });
  }

  /** The same elements in another shape. */
  FoldedTensor shaped(int... to) {
    return new FoldedTensor(type, to, values);
  }

  int rank() {
    return dims.length;
  }

  /** The number of a dimension that may be counted from behind; −1 if there is none. */
  int axis(long number) {
    long axis = number < 0 ? number + dims.length : number;
    return axis >= 0 && axis < dims.length ? (int) axis : -1;
  }

  /** The product of the dimensions from one on to before another. */
  static int product(int[] dims, int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i]; // of a tensor of few elements; with an empty one any product will do
    }
    return product;
  }

  /** Where element i of a tensor of dimensions {@code to} lies in this one, which is repeated. */
  int repeated(int[] to, int i) {
    int place = 0;
    int stride = 1;
    int rest = i;
    for (int back = 1; back <= to.length; back++) {
      int size = to[to.length - back];
      int index = rest % size;
      rest /= size;
      if (back <= dims.length) {
        int own = dims[dims.length - back];
        place += own == 1 ? 0 : index * stride;
        stride *= own;
      }
    }
    return place;
  }

  /** The dimensions that two tensors are repeated to; empty if they have none in common. */
  static Optional<int[]> common(int[] left, int[] right) {
    int[] dims = new int[Math.max(left.length, right.length)];
    for (int back = 1; back <= dims.length; back++) {
      int a = back > left.length ? 1 : left[left.length - back];
      int b = back > right.length ? 1 : right[right.length - back];
      if (a != b && a != 1 && b != 1) {
        return Optional.empty();
      }
      dims[dims.length - back] = a == 1 ? b : a;
    }
    return Optional.of(dims);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FoldedTensor that
        && type == that.type
        && Arrays.equals(dims, that.dims)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(dims) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return type + Arrays.toString(dims) + Arrays.toString(values);
  }
}
