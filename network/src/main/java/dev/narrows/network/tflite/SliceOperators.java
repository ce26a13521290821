package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.tensor.TensorType;

/** Operators that take parts of a tensor. */
final class SliceOperators {
  private SliceOperators() {}

  static void slice(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] begin = in.integers(1, "begin");
    int[] size = in.integers(2, "size");
    if (begin.length != from.rank() || size.length != from.rank()) {
      throw in.bad("%d begins and %d sizes for %s".formatted(begin.length, size.length, from));
    }
    Moves moves = Moves.of(from);
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = size[axis] == -1 ? from.dim(axis) - begin[axis] : size[axis];
      if (in.graph().nested() && dims[axis] == 0) {
        in.graph().makesNothing(in.operator().outputs()[0]); // before a loop's first item, say
        return;
      }
      moves = part(in, moves, axis, begin[axis], 1, dims[axis]);
    }
    if (in.graph().nested()) {
      in.graph().shape(in.made().index(), FileShape.of(dims)); // another one each trip
    }
    in.requireShape(FileShape.of(dims));
    in.finish(moves.layer(in.name(), value, in.made(), in.made().made()));
  }

  /** Python's slices; dimensions that are shrunk vanish afterwards. */
  static void stridedSlice(OperatorImport in) throws NetworkFileException, Unsupported {
    FlatTable options = in.options();
    if (options.i32(2, 0, "ellipsis_mask") != 0 || options.i32(3, 0, "new_axis_mask") != 0) {
      throw new Unsupported("ellipsis or new dimensions");
    }
    int beginMask = options.i32(0, 0, "begin_mask");
    int endMask = options.i32(1, 0, "end_mask");
    int shrink = options.i32(4, 0, "shrink_axis_mask");
    if (options.flag(5, "offset")) {
      throw new Unsupported("ends as offsets");
    }
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] begin = in.integers(1, "begin");
    int[] end = in.integers(2, "end");
    int[] stride = in.integers(3, "strides");
    if (begin.length > from.rank() || end.length != begin.length || stride.length != begin.length) {
      throw in.bad("begin, end and strides do not fit " + from);
    }
    Moves moves = Moves.of(from);
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      int size = from.dim(axis);
      dims[axis] = size;
      if (axis >= begin.length) {
        continue;
      }
      int bit = 1 << axis;
      int by = stride[axis];
      if (by == 0 || by == Integer.MIN_VALUE) {
        throw in.bad("stride must not be %d".formatted(by));
      }
      boolean down = by < 0;
      int first =
          (beginMask & bit) != 0
              ? (down ? size - 1 : 0)
              : Math.clamp(wrapped(begin[axis], size), down ? -1 : 0, down ? size - 1 : size);
      int last =
          (endMask & bit) != 0
              ? (down ? -1 : size)
              : Math.clamp(wrapped(end[axis], size), down ? -1 : 0, down ? size - 1 : size);
      if ((shrink & bit) != 0) {
        by = 1;
        last = first + 1;
      }
      long span = by > 0 ? (long) last - first : (long) first - last;
      dims[axis] = Math.toIntExact(Math.max(0, Math.ceilDiv(span, Math.abs((long) by))));
      moves = part(in, moves, axis, first, by, dims[axis]);
    }
    FileShape whole = FileShape.of(dims);
    TensorType made = in.made().made();
    if (!made.kind().equals(value.type().kind())) {
      throw new Unsupported("a change of scale or type");
    }
    TensorType type = whole.type(value.type().kind());
    int tensor = in.add(moves.layer(in.name(), value, whole, type, whole.axesAsStored()));
    if (in.made().shape().elements() != whole.elements()) {
      throw in.bad(
          "its output must be a part of %s, the file says %s".formatted(whole, in.made().shape()));
    }
    in.finish(MoveOperators.reshaped(in, new GraphValue(tensor, whole, type), in.made().shape()));
  }

  private static long wrapped(int index, int size) {
    return index < 0 ? (long) index + size : index;
  }

  /** Equal parts along a dimension; the value is the second input. */
  static void split(OperatorImport in) throws NetworkFileException, Unsupported {
    int[] dimension = in.integers(0, "dimension");
    GraphValue value = in.value(1);
    FileShape from = value.shape();
    int parts = in.operator().outputs().length;
    int axis = dimension.length != 1 ? -1 : dimension[0];
    axis = axis < 0 ? axis + from.rank() : axis;
    if (dimension.length != 1 || axis < 0 || axis >= from.rank()) {
      throw in.bad("splits no dimension of " + from);
    }
    if (parts < 1 || from.dim(axis) % parts != 0) {
      throw in.bad("%d parts of dimension %d of %s".formatted(parts, axis, from));
    }
    int size = from.dim(axis) / parts;
    for (int i = 0; i < parts; i++) {
      TfliteTensorEntry made = in.made(i);
      Moves moves = part(in, Moves.of(from), axis, i * size, 1, size);
      if (made.shape().rank() != from.rank() || made.shape().dim(axis) != size) {
        throw in.bad("output %d is %s of %s".formatted(i, made.shape(), from));
      }
      in.finish(i, moves.layer(in.graph().unique(made.name()), value, made, made.made()));
    }
  }

  static Moves part(OperatorImport in, Moves moves, int axis, int first, int by, int count)
      throws NetworkFileException {
    long last = first + (count - 1L) * by;
    int size = moves.from().dim(axis);
    if (count < 1 || first < 0 || first >= size || last < 0 || last >= size) {
      throw in.bad(
          "takes %d from %d by %d of dimension %d, which has %d"
              .formatted(count, first, by, axis, size));
    }
    return moves.part(axis, first, by, count);
  }
}
