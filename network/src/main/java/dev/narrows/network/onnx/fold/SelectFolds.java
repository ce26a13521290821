package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Elements that are chosen by indices or truth values. */
final class SelectFolds {
  static final Map<String, Fold> ALL =
      Map.of(
          "Gather", Fold.of(SelectFolds::gather),
          "GatherElements", Fold.of(SelectFolds::gatherElements),
          "GatherND", Fold.of(SelectFolds::gatherNd),
          "ScatterND", Fold.of(SelectFolds::scatterNd),
          "ScatterElements", Fold.of(SelectFolds::scatterElements),
          "Where", Fold.of(SelectFolds::where),
          "NonZero", Fold.of(SelectFolds::nonZero));

  private SelectFolds() {}

  private static int index(long index, int dim) {
    if (index < -dim || index >= dim) {
      throw new IllegalArgumentException(
          "index must be in [%d, %d], got %d".formatted(-dim, dim - 1, index));
    }
    return (int) (index < 0 ? index + dim : index);
  }

  private static NdTensor gather(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    NdTensor which = node.input(1);
    int axis = FoldNode.axis(node.attributes().integer("axis", 0), in.rank());
    List<Integer> dims = new ArrayList<>(in.dims().subList(0, axis));
    dims.addAll(which.dims());
    dims.addAll(in.dims().subList(axis + 1, in.rank()));
    node.reserve(dims, in.type().bits() + 64);
    int[] strides = IndexMaps.strides(in.dims());
    List<int[]> axes = new ArrayList<>();
    for (int a = 0; a < in.rank(); a++) {
      if (a != axis) {
        axes.add(IndexMaps.steps(in.dims().get(a), strides[a]));
        continue;
      }
      long[] indices = which.integers();
      int[] steps = new int[indices.length];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = index(indices[i], in.dims().get(axis)) * strides[axis];
      }
      axes.add(steps);
    }
    return ElementArray.of(in).picked(IndexMaps.places(axes), dims);
  }

  /** For each index the place in {@code dims} that it names along an axis, at its own elsewhere. */
  private static int[] along(List<Integer> dims, NdTensor indices, int axis) {
    if (indices.rank() != dims.size()) {
      throw new IllegalArgumentException(
          "indices of %s do not fit %s".formatted(indices.dims(), dims));
    }
    int[] strides = IndexMaps.strides(dims);
    List<int[]> axes = new ArrayList<>();
    for (int a = 0; a < dims.size(); a++) {
      if (a != axis && indices.dims().get(a) > dims.get(a)) {
        throw new IllegalArgumentException(
            "indices of %s do not fit %s".formatted(indices.dims(), dims));
      }
      axes.add(IndexMaps.steps(indices.dims().get(a), a == axis ? 0 : strides[a]));
    }
    int[] places = IndexMaps.places(axes);
    long[] along = indices.integers();
    for (int i = 0; i < places.length; i++) {
      places[i] += index(along[i], dims.get(axis)) * strides[axis];
    }
    return places;
  }

  private static NdTensor gatherElements(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    int axis = FoldNode.axis(node.attributes().integer("axis", 0), in.rank());
    node.reserve(node.input(1).dims(), in.type().bits() + 96);
    int[] places = along(in.dims(), node.input(1), axis);
    return ElementArray.of(in).picked(places, node.input(1).dims());
  }

  private static NdTensor scatterElements(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    if (!node.attributes().text("reduction", "none").equals("none")) {
      throw new CannotFold("reduces");
    }
    int axis = FoldNode.axis(node.attributes().integer("axis", 0), in.rank());
    node.reserve(in.dims(), in.type().bits());
    node.reserve(node.input(1).dims(), 96);
    NdTensor updates = node.input(2);
    if (!updates.dims().equals(node.input(1).dims())) {
      throw new IllegalArgumentException(
          "updates of %s for indices of %s".formatted(updates.dims(), node.input(1).dims()));
    }
    int[] places = along(in.dims(), node.input(1), axis);
    return ElementArray.of(in).replaced(places, ElementArray.of(updates), in.dims());
  }

  /**
   * Where the slices lie that rows of indices name.
   *
   * @param batch how many leading dimensions the rows and the array have together
   */
  private static int[] rows(List<Integer> dims, NdTensor indices, int batch) {
    int depth = indices.dims().getLast();
    int[] strides = IndexMaps.strides(dims);
    int inner = (int) NdTensor.count(dims.subList(batch + depth, dims.size()));
    long[] all = indices.integers();
    int rows = depth == 0 ? 0 : all.length / depth;
    int batches = (int) NdTensor.count(dims.subList(0, batch));
    int each = batches == 0 ? 0 : (int) NdTensor.count(dims.subList(batch, dims.size()));
    int[] places = new int[Math.multiplyExact(rows, inner)];
    for (int row = 0; row < rows; row++) {
      int base = batch == 0 ? 0 : row / Math.max(1, rows / Math.max(1, batches)) * each;
      for (int d = 0; d < depth; d++) {
        base += index(all[row * depth + d], dims.get(batch + d)) * strides[batch + d];
      }
      for (int i = 0; i < inner; i++) {
        places[row * inner + i] = base + i;
      }
    }
    return places;
  }

  private static void requireRows(List<Integer> dims, NdTensor indices, int batch) {
    boolean fit =
        batch >= 0
            && indices.rank() > batch
            && batch + indices.dims().getLast() <= dims.size()
            && indices.dims().getLast() > 0
            && dims.size() > batch
            && dims.subList(0, batch).equals(indices.dims().subList(0, batch));
    if (!fit) {
      throw new IllegalArgumentException(
          "indices of %s do not fit %s".formatted(indices.dims(), dims));
    }
  }

  private static NdTensor gatherNd(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    NdTensor indices = node.input(1);
    int batch = node.attributes().int32("batch_dims", 0);
    requireRows(in.dims(), indices, batch);
    List<Integer> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
    dims.addAll(in.dims().subList(batch + indices.dims().getLast(), in.rank()));
    node.reserve(dims, in.type().bits() + 96);
    return ElementArray.of(in).picked(rows(in.dims(), indices, batch), dims);
  }

  private static NdTensor scatterNd(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    NdTensor indices = node.input(1);
    if (!node.attributes().text("reduction", "none").equals("none")) {
      throw new CannotFold("reduces");
    }
    requireRows(in.dims(), indices, 0);
    List<Integer> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
    dims.addAll(in.dims().subList(indices.dims().getLast(), in.rank()));
    if (!dims.equals(node.input(2).dims())) {
      throw new IllegalArgumentException(
          "expected updates of %s, got %s".formatted(dims, node.input(2).dims()));
    }
    node.reserve(in.dims(), in.type().bits());
    node.reserve(dims, 96);
    int[] places = rows(in.dims(), indices, 0);
    return ElementArray.of(in).replaced(places, ElementArray.of(node.input(2)), in.dims());
  }

  private static NdTensor where(FoldNode node) throws CannotFold {
    NdTensor condition = node.input(0);
    NdTensor yes = node.input(1);
    NdTensor no = node.input(2);
    List<Integer> dims = IndexMaps.together(List.of(condition.dims(), yes.dims(), no.dims()));
    node.reserve(dims, yes.type().bits() + 4 * 32);
    if (condition.type() != NdType.BOOL) {
      throw new IllegalArgumentException("expected truth values, got " + condition.type());
    }
    int[] choice = IndexMaps.broadcast(condition.dims(), dims);
    int[] places = IndexMaps.broadcast(yes.dims(), dims);
    int[] others = IndexMaps.broadcast(no.dims(), dims);
    for (int i = 0; i < places.length; i++) {
      if (condition.data()[choice[i]] == 0) {
        places[i] = yes.elements() + others[i];
      }
    }
    return ElementArray.joined(List.of(yes, no)).picked(places, dims);
  }

  private static NdTensor nonZero(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    if (in.type() == NdType.STRING) {
      throw new CannotFold("strings");
    }
    node.reserve(in.dims(), 128);
    double[] values = in.doubles();
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) { // and what is not a number
        found.add(i);
      }
    }
    int rank = in.rank() == 0 ? 1 : in.rank();
    node.reserve(List.of(rank, found.size()), 64);
    int[] strides = in.rank() == 0 ? new int[] {1} : IndexMaps.strides(in.dims());
    long[] indices = new long[rank * found.size()];
    for (int axis = 0; axis < rank; axis++) {
      for (int i = 0; i < found.size(); i++) {
        int dim = in.rank() == 0 ? 1 : in.dims().get(axis);
        indices[axis * found.size() + i] = found.get(i) / strides[axis] % dim;
      }
    }
    return NdTensor.of(indices, rank, found.size());
  }
}
