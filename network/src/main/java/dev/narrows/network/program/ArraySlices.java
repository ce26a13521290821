package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.List;

/** Arrays cut along an axis, and put together again. Elements of whole bytes, or strings. */
final class ArraySlices {
  private ArraySlices() {}

  /** What an array holds at an index of an axis, without the axis. */
  static NdTensor slice(NdTensor tensor, int axis, int index) {
    int outer = product(tensor.dims().subList(0, axis));
    int size = tensor.dims().get(axis);
    List<Integer> dims = new ArrayList<>(tensor.dims());
    dims.remove(axis);
    int inner = product(tensor.dims().subList(axis + 1, tensor.rank()));
    if (tensor.type() == NdType.STRING) {
      List<String> strings = new ArrayList<>();
      for (int o = 0; o < outer; o++) {
        int from = (o * size + index) * inner;
        strings.addAll(tensor.strings().subList(from, from + inner));
      }
      return new NdTensor(tensor.type(), dims, new byte[0], strings);
    }
    int bytes = inner * bytes(tensor.type());
    byte[] data = new byte[outer * bytes];
    for (int o = 0; o < outer; o++) {
      System.arraycopy(tensor.data(), (o * size + index) * bytes, data, o * bytes, bytes);
    }
    return new NdTensor(tensor.type(), dims, data, List.of());
  }

  /**
   * Arrays of one shape along a new axis.
   *
   * @param slices at least one
   * @throws IllegalArgumentException if their types or shapes differ
   */
  static NdTensor stack(List<NdTensor> slices, int axis) {
    NdTensor first = slices.getFirst();
    for (NdTensor slice : slices) {
      if (slice.type() != first.type() || !slice.dims().equals(first.dims())) {
        throw new IllegalArgumentException(
            "%s and %s cannot be stacked".formatted(first.describe(), slice.describe()));
      }
    }
    int size = slices.size();
    List<Integer> dims = new ArrayList<>(first.dims());
    dims.add(axis, size);
    int outer = product(dims.subList(0, axis));
    int inner = product(dims.subList(axis + 1, dims.size()));
    if (first.type() == NdType.STRING) {
      List<String> strings = new ArrayList<>();
      for (int o = 0; o < outer; o++) {
        for (NdTensor slice : slices) {
          strings.addAll(slice.strings().subList(o * inner, (o + 1) * inner));
        }
      }
      return new NdTensor(first.type(), dims, new byte[0], strings);
    }
    int bytes = inner * bytes(first.type());
    byte[] data = new byte[Math.toIntExact(first.type().bytes(NdTensor.count(dims)))];
    for (int i = 0; i < size; i++) {
      for (int o = 0; o < outer; o++) {
        System.arraycopy(slices.get(i).data(), o * bytes, data, (o * size + i) * bytes, bytes);
      }
    }
    return new NdTensor(first.type(), dims, data, List.of());
  }

  private static int bytes(NdType type) {
    if (type.bits() < Byte.SIZE) {
      throw new IllegalArgumentException("arrays of " + type + " are not cut into slices");
    }
    return type.bits() / Byte.SIZE;
  }

  private static int product(List<Integer> dims) {
    return (int) NdTensor.count(dims);
  }
}
