package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the elements of an array come from: a row-major array of places in a row of elements. What
 * an operator does to an array it does here to places, and one layer moves the elements.
 *
 * @param at from 0; −1 for zero. Shared, do not modify
 */
record Places(List<Integer> dims, int[] at) {
  /** The index that stands for no element, so for zero. */
  static final int NONE = -1;

  private static final int MOST = 1 << 27;

  Places {
    dims = List.copyOf(dims);
    if (at.length != NdTensor.count(dims)) {
      throw new IllegalArgumentException("%s does not have %d elements".formatted(dims, at.length));
    }
  }

  /** The elements of an array in their own order, the first of them at place {@code first}. */
  static Places of(List<Integer> dims, int first) {
    int[] at = new int[count(dims)];
    Arrays.setAll(at, i -> first + i);
    return new Places(dims, at);
  }

  /** The elements of an array in their own order. */
  static Places of(List<Integer> dims) {
    return of(dims, 0);
  }

  /** The number of dimensions. */
  int rank() {
    return dims.size();
  }

  /** The same elements in the same order in other dimensions. */
  Places shaped(List<Integer> other) {
    return new Places(other, at);
  }

  /** {@link #shaped(List)}. */
  Places shaped(Integer... other) {
    return shaped(List.of(other));
  }

  /** Axis i of the result is axis {@code axes[i]} of this. */
  Places transposed(int... axes) {
    int[] steps = steps(dims);
    int[] moved = new int[axes.length];
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < axes.length; i++) {
      moved[i] = steps[axes[i]];
      to.add(dims.get(axes[i]));
    }
    return read(to, moved);
  }

  /**
   * Index i along an axis is index {@code indices[i]} of this; {@link #NONE} for zeros. Slices,
   * padding, tiles and windows are this with other indices.
   */
  Places taken(int axis, int[] indices) {
    int outer = (int) NdTensor.count(dims.subList(0, axis));
    int inner = (int) NdTensor.count(dims.subList(axis + 1, rank()));
    int size = dims.get(axis);
    List<Integer> to = new ArrayList<>(dims);
    to.set(axis, indices.length);
    int[] taken = new int[count(to)];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.length; i++) {
        int start = (o * indices.length + i) * inner;
        if (indices[i] == NONE) {
          Arrays.fill(taken, start, start + inner, NONE);
        } else {
          System.arraycopy(at, (o * size + indices[i]) * inner, taken, start, inner);
        }
      }
    }
    return new Places(to, taken);
  }

  /** Repeated along axes of size 1, and along new axes in front. */
  Places expanded(List<Integer> to) {
    if (to.equals(dims)) {
      return this;
    }
    int[] steps = steps(dims);
    int[] repeated = new int[to.size()];
    int more = to.size() - rank();
    for (int i = Math.max(0, more); i < repeated.length; i++) {
      int size = dims.get(i - more);
      if (size != 1 && size != to.get(i)) {
        throw new IllegalArgumentException("%s does not broadcast to %s".formatted(dims, to));
      }
      repeated[i] = size == 1 ? 0 : steps[i - more];
    }
    if (more < 0) {
      throw new IllegalArgumentException("%s does not broadcast to %s".formatted(dims, to));
    }
    return read(to, repeated);
  }

  /** Arrays one after the other along an axis. */
  static Places joined(int axis, List<Places> parts) {
    List<Integer> to = new ArrayList<>(parts.getFirst().dims);
    to.set(axis, parts.stream().mapToInt(part -> part.dims.get(axis)).sum());
    int outer = (int) NdTensor.count(to.subList(0, axis));
    int[] joined = new int[count(to)];
    int next = 0;
    for (int o = 0; o < outer; o++) {
      for (int p = 0; p < parts.size(); p++) { // an iterator each time would outweigh the places
        Places part = parts.get(p);
        int count = part.at.length / outer;
        System.arraycopy(part.at, o * count, joined, next, count);
        next += count;
      }
    }
    return new Places(to, joined);
  }

  /** The dimensions that two arrays broadcast to. */
  static List<Integer> broadcast(List<Integer> a, List<Integer> b) {
    int rank = Math.max(a.size(), b.size());
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int left = i < rank - a.size() ? 1 : a.get(i - rank + a.size());
      int right = i < rank - b.size() ? 1 : b.get(i - rank + b.size());
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException("%s and %s do not broadcast".formatted(a, b));
      }
      to.add(left == 1 ? right : left);
    }
    return to;
  }

  /** Elements between neighbours along each axis. */
  static int[] steps(List<Integer> dims) {
    int[] steps = new int[dims.size()];
    int step = 1;
    for (int i = steps.length - 1; i >= 0; i--) {
      steps[i] = step;
      step *= dims.get(i);
    }
    return steps;
  }

  /**
   * The number of elements of an array.
   *
   * @throws IllegalArgumentException if they are more than a layer moves
   */
  private static int count(List<Integer> dims) {
    long count = NdTensor.count(dims);
    if (count > MOST) {
      throw new IllegalArgumentException(dims + " is more than 2^27 elements");
    }
    LoweringBudget.take(count);
    return (int) count;
  }

  private Places read(List<Integer> to, int[] steps) {
    int[] read = new int[count(to)];
    int[] index = new int[to.size()];
    int from = 0;
    for (int i = 0; i < read.length; i++) {
      read[i] = at[from];
      for (int axis = index.length - 1; axis >= 0; axis--) {
        from += steps[axis];
        if (++index[axis] < to.get(axis)) {
          break;
        }
        from -= steps[axis] * index[axis];
        index[axis] = 0;
      }
    }
    return new Places(to, read);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Places that && dims.equals(that.dims) && Arrays.equals(at, that.at);
  }

  @Override
  public int hashCode() {
    return 31 * dims.hashCode() + Arrays.hashCode(at);
  }

  @Override
  public String toString() {
    return "Places" + dims;
  }
}
