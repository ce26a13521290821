package dev.narrows.network.tflite;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What operators that move elements make of small constants; empty where they make none. */
final class FoldedMoves {
  private FoldedMoves() {}

  /** Part of each dimension: {@code counts} elements from {@code first} on, {@code step} apart. */
  static Optional<FoldedTensor> part(FoldedTensor from, int[] first, int[] step, int[] counts) {
    return FoldedTensor.count(counts)
        .flatMap(count ->
            from.moved(
                counts,
                i -> {
                  int place = 0;
                  int stride = 1;
                  int rest = i;
                  for (int axis = counts.length - 1; axis >= 0; axis--) {
                    place += (first[axis] + rest % counts[axis] * step[axis]) * stride;
                    rest /= counts[axis];
                    stride *= from.dims()[axis];
                  }
                  return place;
                }));
  }

  /** Tensors of one type and rank, one after the other along an axis. */
  static Optional<FoldedTensor> joined(List<FoldedTensor> parts, int axis) {
    FoldedTensor first = parts.getFirst();
    int[] dims = first.dims().clone();
    dims[axis] = 0;
    for (FoldedTensor part : parts) {
      if (part.type() != first.type() || part.rank() != first.rank()) {
        return Optional.empty();
      }
      for (int i = 0; i < dims.length; i++) {
        if (i != axis && part.dims()[i] != first.dims()[i]) {
          return Optional.empty();
        }
      }
      dims[axis] = Math.min(FoldedTensor.MOST + 1, dims[axis] + part.dims()[axis]);
    }
    return FoldedTensor.count(dims)
        .map(count -> {
          long[] values = new long[count];
          int inner = FoldedTensor.product(dims, axis + 1, dims.length);
          int outer = FoldedTensor.product(dims, 0, axis);
          int before = 0;
          for (FoldedTensor part : parts) {
            int run = part.dims()[axis] * inner;
            for (int o = 0; o < outer; o++) {
              int to = o * dims[axis] * inner + before;
              System.arraycopy(part.values(), o * run, values, to, run);
            }
            before += run;
          }
          return new FoldedTensor(first.type(), dims, values);
        });
  }

  /** Slices along an axis by indices. */
  static Optional<FoldedTensor> gathered(FoldedTensor from, FoldedTensor indices, int axis) {
    int size = from.dims()[axis];
    for (long index : indices.values()) {
      if (index < 0 || index >= size) {
        return Optional.empty();
      }
    }
    int inner = FoldedTensor.product(from.dims(), axis + 1, from.rank());
    int count = indices.values().length;
    int[] dims =
        IntStream.concat(
                IntStream.concat(
                    Arrays.stream(from.dims(), 0, axis), Arrays.stream(indices.dims())),
                Arrays.stream(from.dims(), axis + 1, from.rank()))
            .toArray();
    return from.moved(
        dims,
        i -> {
          int outer = i / (inner * count);
          int index = (int) indices.values()[i / inner % count];
          return (outer * size + index) * inner + i % inner;
        });
  }

  /** Dimension i of what is made is dimension order[i]. */
  static Optional<FoldedTensor> transposed(FoldedTensor from, int[] order) {
    int[] strides = new int[from.rank()];
    int stride = 1;
    for (int axis = from.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= from.dims()[axis];
    }
    int[] dims = Arrays.stream(order).map(axis -> from.dims()[axis]).toArray();
    return from.moved(
        dims,
        i -> {
          int place = 0;
          int rest = i;
          for (int axis = dims.length - 1; axis >= 0; axis--) {
            place += rest % dims[axis] * strides[order[axis]];
            rest /= dims[axis];
          }
          return place;
        });
  }

  /** Repeated to dimensions that are as many or more, each the same or 1. */
  static Optional<FoldedTensor> broadcast(FoldedTensor from, int[] to) {
    return FoldedTensor.common(from.dims(), to)
        .filter(common -> Arrays.equals(common, to))
        .flatMap(common -> from.moved(to, i -> from.repeated(to, i)));
  }

  /** Each dimension repeated so often. */
  static Optional<FoldedTensor> tiled(FoldedTensor from, int[] times) {
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (times[axis] < 0 || times[axis] > FoldedTensor.MOST) {
        return Optional.empty();
      }
      long size = (long) times[axis] * from.dims()[axis];
      dims[axis] = (int) Math.min(size, FoldedTensor.MOST + 1);
    }
    return from.moved(
        dims,
        i -> {
          int place = 0;
          int stride = 1;
          int rest = i;
          for (int axis = dims.length - 1; axis >= 0; axis--) {
            place += rest % dims[axis] % from.dims()[axis] * stride;
            rest /= dims[axis];
            stride *= from.dims()[axis];
          }
          return place;
        });
  }
}
