package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Operators that move elements without changing them. */
final class MoveOperators {
  private MoveOperators() {}

  /** The file's tensor says the shape; a second input or an option would say the same. */
  static void reshape(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    TfliteTensorEntry made = in.made();
    TensorType to = made.made();
    if (made.shape().elements() != value.shape().elements()
        || !to.kind().equals(value.type().kind())) {
      throw in.bad("takes %s to %s".formatted(value.type().describe(), to.describe()));
    }
    in.finish(reshaped(in, value, made.shape()));
  }

  /**
   * The same elements in the file's order, in another shape: no layer where Narrows has the same
   * tensor for both, else a move to the file's order or from it, or both.
   */
  static GraphValue reshaped(OperatorImport in, GraphValue value, FileShape to)
      throws NetworkFileException {
    return to.type(value.type().kind()).equals(value.type())
        ? new GraphValue(value.tensor(), to, value.type()) // an operator may have no output
        : reshaped(in, value, to, in.made().name());
  }

  /**
   * The same for one of several outputs.
   *
   * @param made what names are made of
   */
  static GraphValue reshaped(OperatorImport in, GraphValue value, FileShape to, String made) {
    TensorType from = value.type();
    TensorType type = to.type(from.kind());
    boolean planes = from.channels() == type.channels(); // then only positions change their shape
    if (type.equals(from)) {
      return new GraphValue(value.tensor(), to, type);
    }
    int tensor = value.tensor();
    if (!planes && !value.shape().inFileOrder()) {
      FileShape shape = value.shape();
      int[] strides = shape.strides();
      List<Axis> axes = new ArrayList<>();
      for (int axis = 0; axis < shape.rank(); axis++) {
        axes.add(Axis.of(shape.dim(axis), strides[axis]));
      }
      TensorType row = from.shaped(from.elements(), 1, 1);
      tensor = in.add(new Rearrange(name(in, made), List.of(tensor), row, 0, axes));
      if (row.equals(type)) {
        return new GraphValue(tensor, to, type);
      }
    }
    if (planes || to.inFileOrder()) {
      return new GraphValue(
          in.add(Rearrange.joined(name(in, made), List.of(tensor), type)), to, type);
    }
    return new GraphValue(in.add(fromFileOrder(name(in, made), tensor, 0, to, type)), to, type);
  }

  /** A tensor from a row of elements in the file's order, from {@code base} on. */
  static Rearrange fromFileOrder(String name, int row, int base, FileShape to, TensorType type) {
    int[] strides = to.fileStrides();
    List<Axis> axes = new ArrayList<>();
    for (int axis : to.axesAsStored()) {
      axes.add(Axis.of(to.dim(axis), strides[axis]));
    }
    return new Rearrange(name, List.of(row), type, base, axes);
  }

  /** Paddings are [dimension][before, after]; what is padded is real zero. */
  static void pad(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int[] pads = in.integers(1, "padding");
    FileShape from = value.shape();
    if (pads.length != 2 * from.rank()) {
      throw in.bad("%d paddings for %s".formatted(pads.length, from));
    }
    Moves moves = Moves.of(from);
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (pads[2 * axis] < 0 || pads[2 * axis + 1] < 0) {
        throw in.bad("padding must not be negative, got %d".formatted(pads[2 * axis]));
      }
      moves = moves.before(axis, pads[2 * axis]);
      dims[axis] = Math.addExact(from.dim(axis), Math.addExact(pads[2 * axis], pads[2 * axis + 1]));
    }
    in.requireShape(FileShape.of(dims));
    in.finish(moves.layer(in.name(), value, in.made(), in.made().made()));
  }

  /** Dimension i of the output is dimension order[i] of the input. */
  static void transpose(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int[] order = in.integers(1, "permutation");
    FileShape from = value.shape();
    int[] dims = new int[from.rank()];
    boolean[] met = new boolean[dims.length];
    if (order.length != dims.length) {
      throw in.bad("a permutation of %d for %s".formatted(order.length, from));
    }
    for (int axis = 0; axis < order.length; axis++) {
      int source = order[axis] < 0 ? order[axis] + dims.length : order[axis];
      if (source < 0 || source >= dims.length || met[source]) {
        throw in.bad("its permutation must name each dimension once");
      }
      met[source] = true;
      order[axis] = source;
      dims[axis] = from.dim(source);
    }
    in.requireShape(FileShape.of(dims));
    Moves moves = Moves.of(from).permuted(order);
    in.finish(moves.layer(in.name(), value, in.made(), in.made().made()));
  }

  private static String name(OperatorImport in, String made) {
    return in.graph().unique(made + "/order");
  }
}
