package dev.narrows.network.onnx.fold;

import java.util.ArrayList;
import java.util.List;

/** Where the elements of an array come from in another one, both row-major. */
final class IndexMaps {
  /** Of no element of the source. */
  static final int NONE = -1;

  private IndexMaps() {}

  /** How far apart neighbours along each dimension are. */
  static int[] strides(List<Integer> dims) {
    int[] strides = new int[dims.size()];
    int stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, dims.get(axis));
    }
    return strides;
  }

  /**
   * The places of all elements.
   *
   * @param axes for each dimension of the result and each index of it how far into the source that
   *     leads, or {@link #NONE}
   */
  static int[] places(List<int[]> axes) {
    if (axes.stream().anyMatch(axis -> axis.length == 0)) {
      return new int[0];
    }
    int[] places = {0};
    for (int[] axis : axes) {
      int[] finer = new int[places.length * axis.length];
      for (int p = 0; p < places.length; p++) {
        for (int i = 0; i < axis.length; i++) {
          boolean none = places[p] < 0 || axis[i] < 0;
          finer[p * axis.length + i] = none ? NONE : places[p] + axis[i];
        }
      }
      places = finer;
    }
    return places;
  }

  /** Indices 0, step, 2 step, … */
  static int[] steps(int count, int step) {
    int[] steps = new int[count];
    for (int i = 0; i < count; i++) {
      steps[i] = i * step;
    }
    return steps;
  }

  /** The places of an array that is repeated along dimensions of 1 or in front. */
  static int[] broadcast(List<Integer> from, List<Integer> to) {
    int[] strides = strides(from);
    int front = to.size() - from.size();
    List<int[]> axes = new ArrayList<>();
    for (int axis = 0; axis < to.size(); axis++) {
      boolean own = axis >= front && from.get(axis - front) != 1;
      axes.add(steps(to.get(axis), own ? strides[axis - front] : 0));
    }
    return places(axes);
  }

  /**
   * The dimensions that arrays have together.
   *
   * @throws IllegalArgumentException if they do not fit
   */
  static List<Integer> together(List<List<Integer>> all) {
    int rank = all.stream().mapToInt(List::size).max().orElse(0);
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      int dim = 1;
      for (List<Integer> one : all) {
        int own = axis - rank + one.size() < 0 ? 1 : one.get(axis - rank + one.size());
        if (own != 1 && dim != 1 && own != dim) {
          throw new IllegalArgumentException("dimensions do not fit: " + all);
        }
        dim = own == 1 ? dim : own;
      }
      dims.add(dim);
    }
    return dims;
  }
}
