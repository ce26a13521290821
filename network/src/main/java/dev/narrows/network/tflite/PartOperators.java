package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Tensors taken apart, put together and repeated. */
final class PartOperators {
  private PartOperators() {}

  /** Tensors of one shape side by side, along a new dimension. */
  static void pack(OperatorImport in) throws NetworkFileException, Unsupported {
    FileShape to = in.made().shape();
    TensorType type = in.made().made();
    int axis = in.axis(in.options().i32(1, 0, "axis"), to);
    List<GraphValue> values = new ArrayList<>();
    for (int i = 0; i < in.operator().inputs().length; i++) {
      GraphValue value = in.value(i);
      List<Integer> dims = new ArrayList<>(value.shape().dims());
      if (dims.size() + 1 != to.rank() || !value.type().kind().equals(type.kind())) {
        throw in.bad("packs %s to %s".formatted(value.type().describe(), type.describe()));
      }
      dims.add(axis, 1);
      values.add(MoveOperators.reshaped(in, value, new FileShape(dims)));
    }
    ConcatenateOperator.join(in, values, to, type, axis);
  }

  /** A tensor for each index of a dimension, without that dimension. */
  static void unpack(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int axis = in.axis(in.options().i32(1, 0, "axis"), from);
    int count = in.operator().outputs().length;
    if (count != from.dim(axis)) {
      throw in.bad("%d outputs of dimension %d of %s".formatted(count, axis, from));
    }
    List<Integer> kept = new ArrayList<>(from.dims());
    kept.set(axis, 1);
    List<Integer> left = new ArrayList<>(from.dims());
    left.remove(axis);
    FileShape one = new FileShape(kept);
    for (int i = 0; i < count; i++) {
      TfliteTensorEntry made = in.made(i);
      if (!made.shape().equals(new FileShape(left)) || !made.kind().equals(value.type().kind())) {
        throw in.bad("output %d is %s of %s".formatted(i, made.shape(), from));
      }
      TensorType type = one.type(value.type().kind());
      String name = in.graph().unique(made.name());
      Rearrange part =
          Moves.of(from).part(axis, i, 1, 1).layer(name, value, one, type, one.axesAsStored());
      GraphValue cut = new GraphValue(in.add(part), one, type);
      in.graph()
          .put(
              in.operator(),
              made.index(),
              MoveOperators.reshaped(in, cut, made.shape(), made.name()));
    }
  }

  /** Parts of stated sizes along a dimension; one size may be −1, for what is left. */
  static void split(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] sizes = in.integers(1, "sizes");
    int axis = in.axis(in.integer(2, "dimension"), from);
    if (sizes.length != in.operator().outputs().length) {
      throw in.bad("%d sizes for %d parts".formatted(sizes.length, in.operator().outputs().length));
    }
    long stated = 0;
    for (int size : sizes) {
      stated += Math.max(0, size);
    }
    int first = 0;
    for (int i = 0; i < sizes.length; i++) {
      TfliteTensorEntry made = in.made(i);
      int size = sizes[i] == -1 ? (int) Math.max(0, from.dim(axis) - stated) : sizes[i];
      Moves moves = SliceOperators.part(in, Moves.of(from), axis, first, 1, size);
      List<Integer> dims = new ArrayList<>(from.dims());
      dims.set(axis, size);
      if (!made.shape().equals(new FileShape(dims))) {
        throw in.bad("output %d is %s of %s".formatted(i, made.shape(), from));
      }
      in.finish(i, moves.layer(in.graph().unique(made.name()), value, made, made.made()));
      first += size;
    }
    if (first != from.dim(axis)) {
      throw in.bad("its parts are %d of dimension %d of %s".formatted(first, axis, from));
    }
  }

  /** Each dimension repeated as a whole. */
  static void tile(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] times = in.integers(1, "multiples");
    if (times.length != from.rank()) {
      throw in.bad("%d multiples for %s".formatted(times.length, from));
    }
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = Math.multiplyExact(from.dim(axis), times[axis]);
    }
    FileShape to = FileShape.of(dims);
    int[] strides = from.strides();
    List<Axis> axes = new ArrayList<>();
    for (int axis : to.axesAsStored()) {
      axes.add(Axis.of(times[axis], 0));
      axes.add(Axis.of(from.dim(axis), strides[axis]));
    }
    finish(in, value, to, axes);
  }

  /** Dimensions of size 1, or that are not there, repeated. */
  static void broadcast(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    FileShape to = FileShape.of(in.integers(1, "shape"));
    int added = to.rank() - from.rank();
    int[] strides = from.strides();
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < to.rank(); axis++) {
      if (added < 0
          || axis >= added
              && from.dim(axis - added) != 1
              && from.dim(axis - added) != to.dim(axis)) {
        throw in.bad("repeats %s to %s".formatted(from, to));
      }
    }
    for (int axis : to.axesAsStored()) {
      boolean repeated = axis < added || from.dim(axis - added) == 1;
      axes.add(Axis.of(to.dim(axis), repeated ? 0 : strides[axis - added]));
    }
    finish(in, value, to, axes);
  }

  /** One value everywhere. */
  static void fill(OperatorImport in) throws NetworkFileException, Unsupported {
    FileShape to = FileShape.of(in.integers(0, "shape"));
    in.requireShape(to);
    GraphValue value = in.value(1);
    if (value.shape().elements() != 1) {
      throw in.bad("fills with %s".formatted(value.shape()));
    }
    finish(in, value, to, List.of(Axis.of(to.elements(), 0)));
  }

  /** Real numbers a step apart, each the one before it and the step. */
  static void range(OperatorImport in) throws NetworkFileException, Unsupported {
    float[] ends = new float[3];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = in.graph().constants().floats(in.constant(i, "its range"))[0];
    }
    int count = in.made().shape().elements();
    double exact = Math.ceil(Math.abs(((double) ends[1] - ends[0]) / ends[2]));
    if (in.made().shape().rank() != 1 || count != exact) {
      throw in.bad("makes %s numbers, the file says %s".formatted(exact, in.made().shape()));
    }
    in.graph().constants().take(in.made(), count, 2 * Float.BYTES);
    float[] numbers = new float[count];
    float next = ends[0];
    for (int i = 0; i < count; i++) {
      numbers[i] = next;
      next += ends[2];
    }
    in.finish(Constant.of(in.name(), in.made().made(), numbers));
  }

  private static void finish(OperatorImport in, GraphValue value, FileShape to, List<Axis> axes)
      throws NetworkFileException, Unsupported {
    in.requireShape(to);
    TensorType type = in.made().made();
    if (!type.kind().equals(value.type().kind())) {
      throw in.bad("takes %s to %s".formatted(value.type().describe(), type.describe()));
    }
    in.finish(new Rearrange(in.name(), List.of(value.tensor()), type, 0, axes));
  }

  /** Dimensions in the other direction. */
  static void reverse(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    in.requireShape(from);
    boolean[] axes = in.axes(1, from);
    Moves moves = Moves.of(from);
    for (int axis = 0; axis < axes.length; axis++) {
      if (axes[axis]) {
        moves = moves.part(axis, from.dim(axis) - 1, -1, from.dim(axis));
      }
    }
    in.finish(moves.layer(in.name(), value, in.made(), in.made().made()));
  }
}
