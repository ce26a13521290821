package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of an output come from, dimension by dimension of the file's output: index i
 * comes from {@code begin} + (i − before) · step of dimension {@code order}.
 *
 * @param counts indices inside, from {@code before} on
 */
record Moves(FileShape from, int[] order, int[] begin, int[] step, int[] before, int[] counts) {
  /** Every element from its own place. */
  static Moves of(FileShape from) {
    int rank = from.rank();
    int[] order = new int[rank];
    int[] step = new int[rank];
    int[] counts = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      order[axis] = axis;
      step[axis] = 1;
      counts[axis] = from.dim(axis);
    }
    return new Moves(from, order, new int[rank], step, new int[rank], counts);
  }

  Moves before(int axis, int count) {
    int[] changed = before.clone();
    changed[axis] = count;
    return new Moves(from, order, begin, step, changed, counts);
  }

  Moves permuted(int[] source) {
    int[] changed = new int[source.length];
    for (int axis = 0; axis < source.length; axis++) {
      changed[axis] = counts[source[axis]];
    }
    return new Moves(from, source.clone(), begin, step, before, changed);
  }

  /** {@code count} indices of a dimension from {@code first} on, {@code by} apart. */
  Moves part(int axis, int first, int by, int count) {
    int[] begins = begin.clone();
    int[] steps = step.clone();
    int[] parts = counts.clone();
    begins[axis] = first;
    steps[axis] = by;
    parts[axis] = count;
    return new Moves(from, order, begins, steps, before, parts);
  }

  /** The layer that makes a tensor of the file. */
  Rearrange layer(String name, GraphValue value, TfliteTensorEntry made, TensorType to)
      throws NetworkFileException {
    if (!to.kind().equals(value.type().kind())) {
      throw made.bad("must keep its input's %s".formatted(value.type().describe()));
    }
    return layer(name, value, made.shape(), to, made.shape().axesAsStored());
  }

  /**
   * A layer whose output counts these dimensions, outermost first.
   *
   * @param shape of the output in the file's dimensions
   */
  Rearrange layer(
      String name,
      GraphValue value,
      FileShape shape,
      TensorType to,
      List<Integer> axesOutermostFirst) {
    int[] strides = from.strides();
    int base = 0;
    for (int axis = 0; axis < order.length; axis++) {
      base += begin[axis] * strides[order[axis]];
    }
    List<Axis> axes = new ArrayList<>();
    for (int axis : axesOutermostFirst) {
      axes.add(
          new Axis(shape.dim(axis), before[axis], counts[axis], step[axis] * strides[order[axis]]));
    }
    return new Rearrange(name, List.of(value.tensor()), to, base, axes);
  }
}
