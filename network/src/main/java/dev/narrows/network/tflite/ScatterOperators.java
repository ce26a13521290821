package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that put elements at places of another tensor. */
final class ScatterOperators {
  private static final int NOWHERE = -1;

  private ScatterOperators() {}

  /** Slices at places of a tensor of zeros; those of one place would be added up. */
  static void scatter(OperatorImport in) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(0, "place of the updates");
    int[] indices = in.integers(0, "indices");
    GraphValue updates = in.value(1);
    FileShape to = in.made().shape();
    int depth = entry.shape().last();
    if (!to.equals(FileShape.of(in.integers(2, "shape"))) || depth > to.rank()) {
      throw in.bad("puts %s into %s".formatted(entry.shape(), to));
    }
    int rows = indices.length / depth;
    int inner = FileOrder.product(to.dims().subList(depth, to.rank()));
    if (updates.shape().elements() != (long) rows * inner) {
      throw in.bad("puts %s to %d places of %d".formatted(updates.shape(), rows, inner));
    }
    int[] places = places(in, to.elements());
    for (int row = 0; row < rows; row++) {
      int at = place(in, indices, row * depth, depth, to);
      if (places[at] != NOWHERE) {
        throw new Unsupported("several updates of one place");
      }
      for (int i = 0; i < inner; i++) {
        places[at + i] = row * inner + i;
      }
    }
    finish(in, updates, zero(in), places);
  }

  /** Values at places of a tensor of one default value. */
  static void dense(OperatorImport in) throws NetworkFileException, Unsupported {
    int[] indices = in.integers(0, "indices");
    GraphValue values = in.value(2);
    FileShape to = in.made().shape();
    if (!to.equals(FileShape.of(in.integers(1, "shape")))) {
      throw in.bad("makes " + to);
    }
    FileShape shape = in.constant(0, "indices").shape();
    int depth = shape.rank() < 2 ? 1 : shape.last();
    int rows = indices.length / depth;
    boolean one = values.shape().elements() == 1;
    if (depth != to.rank() || !one && values.shape().elements() != rows) {
      throw in.bad("puts %s to %s of %s".formatted(values.shape(), shape, to));
    }
    int[] places = places(in, to.elements());
    for (int row = 0; row < rows; row++) {
      int at = place(in, indices, row * depth, depth, to);
      places[at] = one ? 0 : row;
    }
    finish(in, values, in.value(3), places);
  }

  /** Where an entry lies whose index along each of the first dimensions is the next of some. */
  private static int place(OperatorImport in, int[] indices, int from, int depth, FileShape to)
      throws NetworkFileException {
    int[] strides = to.fileStrides();
    int at = 0;
    for (int k = 0; k < depth; k++) {
      int index = indices[from + k];
      if (index < 0 || index >= to.dim(k)) {
        throw in.bad("puts to index %d of dimension %d of %s".formatted(index, k, to));
      }
      at += index * strides[k];
    }
    return at;
  }

  /** Rows as diagonals of matrices that are zero elsewhere. */
  static void diagonal(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int size = value.shape().last();
    List<Integer> dims = new ArrayList<>(value.shape().dims());
    dims.add(size);
    in.requireShape(new FileShape(dims));
    int[] places = places(in, in.made().shape().elements());
    for (int i = 0; i < value.shape().elements(); i++) {
      places[i * size + i % size] = i;
    }
    finish(in, value, zero(in), places);
  }

  /** Matrices with other diagonals. */
  static void otherDiagonal(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue diagonal = in.value(1);
    FileShape shape = value.shape();
    in.requireShape(shape);
    if (shape.rank() < 2) {
      throw in.bad("takes no matrices, but " + shape);
    }
    int columns = shape.last();
    int rows = shape.dim(shape.rank() - 2);
    int least = Math.min(rows, columns);
    int count = shape.elements() / rows / columns;
    if (diagonal.shape().elements() != count * least) {
      throw in.bad("puts diagonals %s into %s".formatted(diagonal.shape(), shape));
    }
    int[] places = places(in, shape.elements());
    for (int i = 0; i < places.length; i++) {
      int row = i / columns % rows;
      boolean on = row == i % columns;
      places[i] = on ? shape.elements() + i / columns / rows * least + row : i;
    }
    finish(in, value, diagonal, places);
  }

  /** Elements apart from each other, a number between them. */
  static void dilate(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int[] steps = in.integers(1, "dilations");
    FileShape from = value.shape();
    FileShape to = in.made().shape();
    boolean fits = steps.length == from.rank() && to.rank() == from.rank();
    for (int axis = 0; fits && axis < steps.length; axis++) {
      fits = steps[axis] >= 1 && to.dim(axis) == (from.dim(axis) - 1L) * steps[axis] + 1;
    }
    if (!fits) {
      throw in.bad("dilates %s by %s to %s".formatted(from, Arrays.toString(steps), to));
    }
    int[] places = places(in, to.elements());
    int[] strides = to.fileStrides();
    for (int i = 0; i < from.elements(); i++) {
      int at = 0;
      int rest = i;
      for (int axis = steps.length - 1; axis >= 0; axis--) {
        at += rest % from.dim(axis) * steps[axis] * strides[axis];
        rest /= from.dim(axis);
      }
      places[at] = i;
    }
    finish(in, value, in.value(2), places);
  }

  /** A tensor with a part replaced, from places on that may be activations. */
  static void update(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue part = in.value(1);
    GraphValue starts = in.value(2);
    FileShape to = value.shape();
    in.requireShape(to);
    requireKind(value, in.made().made());
    requireKind(part, in.made().made());
    int rank = to.rank();
    if (part.shape().rank() != rank
        || starts.shape().elements() != rank
        || !TruthOperators.plain(starts.type())) {
      throw in.bad("puts %s at %s of %s".formatted(part.shape(), starts.shape(), to));
    }
    for (int axis = 0; axis < rank; axis++) {
      if (part.shape().dim(axis) > to.dim(axis)) {
        throw in.bad("puts %s into %s".formatted(part.shape(), to));
      }
    }
    int elements = to.elements();
    int old = FileOrder.of(in, value, 1, elements, 1);
    int put = FileOrder.of(in, part, 1, part.shape().elements(), 1);
    TensorType both = value.type().shaped(1, elements + part.shape().elements(), 1);
    int row = in.add(Rearrange.joined(FileOrder.name(in, "/both"), List.of(old, put), both));
    int first = FileOrder.of(in, starts, rank, 1, 1);
    TensorType words = GatherOperators.words(value.type().shaped(1, elements, 1));
    TensorType truth = GatherOperators.truths(words);
    int inside = FileOrder.repeated(in, truth, 1);
    int place = FileOrder.repeated(in, words, elements);
    int[] strides = to.fileStrides();
    int[] partStrides = part.shape().fileStrides();
    for (int axis = 0; axis < rank; axis++) {
      int size = to.dim(axis);
      int own = part.shape().dim(axis);
      if (own == size) { // it can begin nowhere else
        int at = along(in, axis, size, partStrides[axis], strides[axis], words);
        place = GatherOperators.pair(in, IntegerOperation.ADD, place, at, words);
        continue;
      }
      int start = start(in, first, axis, size - own, words);
      int index = along(in, axis, size, 1, strides[axis], words);
      int offset = GatherOperators.pair(in, IntegerOperation.SUBTRACT, index, start, words);
      int from =
          GatherOperators.pair(
              in, IntegerOperation.GREATER_OR_EQUAL, offset, repeated(in, words, 0), truth);
      int before =
          GatherOperators.pair(in, IntegerOperation.LESS, offset, repeated(in, words, own), truth);
      inside = GatherOperators.pair(in, IntegerOperation.AND, inside, from, truth);
      inside = GatherOperators.pair(in, IntegerOperation.AND, inside, before, truth);
      int step =
          GatherOperators.pair(
              in, IntegerOperation.MULTIPLY, offset, repeated(in, words, partStrides[axis]), words);
      place = GatherOperators.pair(in, IntegerOperation.ADD, place, step, words);
    }
    int own = FileOrder.counted(in, words, 0, 1);
    int chosen = in.add(new Choose(FileOrder.name(in, "/place"), inside, place, own, words));
    TensorType made = value.type().shaped(1, elements, 1);
    FileOrder.finish(
        in, 0, in.add(new TakeAlong(FileOrder.name(in, "/updated"), row, chosen, made)));
  }

  private static int repeated(OperatorImport in, TensorType to, int word)
      throws NetworkFileException {
    return FileOrder.repeated(in, to, word);
  }

  /** Where the part begins along a dimension, moved so that it lies inside. */
  private static int start(OperatorImport in, int starts, int axis, int most, TensorType words)
      throws NetworkFileException {
    TensorType one = in.graph().type(starts).shaped(1, 1, 1);
    int start =
        in.add(
            new Rearrange(
                FileOrder.name(in, "/start"), List.of(starts), one, axis, List.of(Axis.of(1, 1))));
    int least =
        GatherOperators.pair(in, IntegerOperation.MAXIMUM, start, repeated(in, one, 0), one);
    int inside =
        GatherOperators.pair(in, IntegerOperation.MINIMUM, least, repeated(in, one, most), one);
    TensorType spread = one.shaped(1, words.height(), 1);
    return FileOrder.spread(in, inside, spread, List.of(Axis.of(words.height(), 0)));
  }

  /** For each place its index along a dimension, times a step. */
  private static int along(
      OperatorImport in, int axis, int size, int step, int stride, TensorType words)
      throws NetworkFileException {
    int counted = FileOrder.counted(in, words.shaped(1, size, 1), 0, step);
    int outer = words.height() / size / stride;
    List<Axis> axes = List.of(Axis.of(outer, 0), Axis.of(size, 1), Axis.of(stride, 0));
    return FileOrder.spread(in, counted, words, axes);
  }

  /** One code 0, which need not be what zero is. */
  private static GraphValue zero(OperatorImport in) throws NetworkFileException, Unsupported {
    TensorType type = in.made().made().shaped(1, 1, 1);
    int tensor = in.add(new Constant(FileOrder.name(in, "/zero"), type, new int[1]));
    return new GraphValue(tensor, FileShape.of(), type);
  }

  private static int[] places(OperatorImport in, int count) throws NetworkFileException {
    in.graph().constants().take(in.made(0), count, 3 * Integer.BYTES);
    int[] places = new int[count];
    Arrays.fill(places, NOWHERE);
    return places;
  }

  /** Places in the file's order in one tensor, or behind it in another; else the other's first. */
  private static void finish(OperatorImport in, GraphValue value, GraphValue other, int[] places)
      throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    requireKind(value, to);
    requireKind(other, to);
    int elements = value.shape().elements();
    int one = FileOrder.of(in, value, 1, elements, 1);
    int two = FileOrder.of(in, other, 1, other.shape().elements(), 1);
    int[] target = in.made().shape().places();
    int[] moved = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      moved[target[i]] = places[i] == NOWHERE ? elements : places[i];
    }
    in.finish(new Pick(in.name(), List.of(one, two), to, moved));
  }

  private static void requireKind(GraphValue value, TensorType to) throws Unsupported {
    if (!value.type().kind().equals(to.kind())) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), to.kind()));
    }
  }
}
