package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Operators whose output takes elements from irregular places of their input. */
final class PickOperators {
  private static final int NOWHERE = -1;

  private PickOperators() {}

  private interface Source {
    /** The index of dimension {@code axis} of the input; negative for none. */
    int of(int axis, int index);
  }

  /** Padded by what is inside, with its edge (SYMMETRIC) or without (REFLECT). */
  static void mirrored(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] pads = paddings(in, from);
    int edge = in.options().i8(0, 0, "mode") == 1 ? 1 : 0;
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      int most = from.dim(axis) - 1 + edge;
      if (Math.max(pads[2 * axis], pads[2 * axis + 1]) > most) {
        throw in.bad("mirrors %d of dimension %d of %s".formatted(pads[2 * axis], axis, from));
      }
      dims[axis] = from.dim(axis) + pads[2 * axis] + pads[2 * axis + 1];
    }
    pick(
        in,
        value,
        FileShape.of(dims),
        List.of(value.tensor()),
        (axis, index) -> {
          int inside = index - pads[2 * axis];
          int size = from.dim(axis);
          if (inside < 0) {
            return -inside - edge;
          }
          return inside < size ? inside : 2 * (size - 1) + edge - inside;
        });
  }

  /** Padded by a number. */
  static void padded(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int[] pads = paddings(in, from);
    GraphValue number = in.value(2);
    if (number.type().elements() != 1 || !number.type().kind().equals(value.type().kind())) {
      throw new Unsupported("by %s".formatted(number.type().describe()));
    }
    int[] dims = new int[from.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      long size = (long) from.dim(axis) + pads[2 * axis] + pads[2 * axis + 1];
      dims[axis] = Math.toIntExact(size);
    }
    pick(
        in,
        value,
        FileShape.of(dims),
        List.of(value.tensor(), number.tensor()),
        (axis, index) -> {
          int inside = index - pads[2 * axis];
          return inside < from.dim(axis) ? inside : NOWHERE;
        });
  }

  /** Paddings are [dimension][before, after]. */
  private static int[] paddings(OperatorImport in, FileShape of)
      throws NetworkFileException, Unsupported {
    int[] pads = in.integers(1, "padding");
    if (pads.length != 2 * of.rank()) {
      throw in.bad("%d paddings for %s".formatted(pads.length, of));
    }
    for (int pad : pads) {
      if (pad < 0) {
        throw in.bad("padding must not be negative, got %d".formatted(pad));
      }
    }
    return pads;
  }

  /** Slices by constant indices along a dimension, which the indices' dimensions replace. */
  static void gathered(OperatorImport in) throws NetworkFileException, Unsupported {
    int batches = in.options().i32(1, 0, "batch_dims");
    boolean constant = in.isConstant(1);
    if (in.isConstant(0) && !constant && batches == 0 && isTable(in)) {
      embedded(in);
      return;
    }
    GraphValue value = in.value(0);
    FileShape from = value.shape();
    int axis = in.axis(in.options().i32(0, 0, "axis"), from);
    if (!constant || batches != 0) {
      int rank = in.value(1).shape().rank();
      GatherOperators.gather(in, axis, batches < 0 ? batches + rank : batches);
      return;
    }
    int[] indices = in.integers(1, "indices");
    int size = from.dim(axis);
    for (int index : indices) {
      if (index < 0 || index >= size) {
        throw in.bad("takes index %d of dimension %d of %s".formatted(index, axis, from));
      }
    }
    int[] dims = from.dims().stream().mapToInt(Integer::intValue).toArray();
    dims[axis] = indices.length;
    int outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= from.dim(i);
    }
    FileShape made = in.made().shape();
    if (made.elements() != FileShape.of(dims).elements()) {
      throw in.bad("its output must hold %s, the file says %s".formatted(FileShape.of(dims), made));
    }
    // the file's order is that of one dimension of indices, whatever their own dimensions are
    int inner = from.elements() / outer / size;
    in.graph().constants().take(in.made(), from.elements(), Integer.BYTES);
    int[] source = from.places();
    TensorType to = in.made().made();
    int[] places = new int[made.elements()];
    in.graph().constants().take(in.made(), places.length, 2 * Integer.BYTES);
    int[] target = made.places();
    for (int i = 0; i < places.length; i++) {
      int index = indices[i / inner % indices.length];
      places[target[i]] = source[(i / inner / indices.length * size + index) * inner + i % inner];
    }
    finish(in, new Pick(in.name(), List.of(value.tensor()), to, places), value);
  }

  /** Whether the first input is a table of finite numbers whose rows are taken. */
  private static boolean isTable(OperatorImport in) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(0, "table");
    if (entry.type() != FileElementType.FLOAT32
        || in.axis(in.options().i32(0, 0, "axis"), entry.shape()) != 0) {
      return false;
    }
    for (float number : in.graph().constants().floats(entry)) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  /** Rows of a table by ids; a table of codes gives codes, or numbers with a scale a row. */
  static void lookedUp(OperatorImport in) throws NetworkFileException, Unsupported {
    OperatorImport turned = in.turned(1, 0);
    if (!turned.isConstant(0)) {
      GatherOperators.gather(turned, 0, 0);
      return;
    }
    TfliteTensorEntry table = turned.constant(0, "table");
    boolean codes = table.type().codes().isPresent();
    if (codes && turned.made().made().isFloat()) {
      float[] numbers = in.graph().constants().rows(table);
      embedded(turned, table.shape(), numbers);
    } else if (codes || !isTable(turned)) {
      GatherOperators.gather(turned, 0, 0);
    } else {
      embedded(turned);
    }
  }

  /** Rows of a table of real numbers by indices that are activations. */
  private static void embedded(OperatorImport in) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(0, "table");
    embedded(in, entry.shape(), in.graph().constants().floats(entry));
  }

  private static void embedded(OperatorImport in, FileShape from, float[] table)
      throws NetworkFileException, Unsupported {
    GraphValue ids = in.value(1);
    if (!TruthOperators.plain(ids.type())) {
      throw new Unsupported("indices of " + ids.type().kind());
    }
    int count = ids.shape().elements();
    int depth = from.elements() / from.dim(0);
    List<Integer> dims = new ArrayList<>(ids.shape().dims());
    dims.addAll(from.dims().subList(1, from.rank()));
    FileShape made = in.made().shape();
    if (!made.equals(new FileShape(dims))) {
      throw in.bad("takes %s of %s to %s".formatted(ids.shape(), from, made));
    }
    GraphValue row = MoveOperators.reshaped(in, ids, FileShape.of(1, count, 1));
    TensorType rows = TensorType.floats(depth, count, 1);
    int tensor = in.add(new Embedding(in.name(), row.tensor(), rows, table));
    GraphValue value = new GraphValue(tensor, FileShape.of(1, count, depth), rows);
    in.finish(MoveOperators.reshaped(in, value, made));
  }

  private static void pick(
      OperatorImport in, GraphValue value, FileShape to, List<Integer> inputs, Source source)
      throws NetworkFileException, Unsupported {
    in.requireShape(to);
    TensorType type = in.made().made();
    in.graph().constants().take(in.made(), to.elements(), 3 * Integer.BYTES);
    int[] strides = value.shape().strides();
    int[] places = {0};
    for (int axis = 0; axis < to.rank(); axis++) {
      int[] finer = new int[places.length * to.dim(axis)];
      for (int i = 0; i < finer.length; i++) {
        int before = places[i / to.dim(axis)];
        int index = source.of(axis, i % to.dim(axis));
        finer[i] = before < 0 || index < 0 ? NOWHERE : before + index * strides[axis];
      }
      places = finer;
    }
    int[] target = to.places();
    int[] moved = new int[places.length];
    for (int i = 0; i < moved.length; i++) {
      moved[target[i]] = places[i] < 0 ? value.type().elements() : places[i];
    }
    finish(in, new Pick(in.name(), inputs, type, moved), value);
  }

  private static void finish(OperatorImport in, Pick pick, GraphValue value)
      throws NetworkFileException, Unsupported {
    if (!pick.output().kind().equals(value.type().kind())) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), pick.output().kind()));
    }
    in.finish(pick);
  }
}
