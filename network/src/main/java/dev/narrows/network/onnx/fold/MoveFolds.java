package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Elements that move, are repeated or left out, whatever they are. */
final class MoveFolds {
  static final Map<String, Fold> ALL =
      Map.of(
          "Transpose", Fold.of(MoveFolds::transpose),
          "Expand", Fold.of(MoveFolds::expand),
          "Tile", Fold.of(MoveFolds::tile),
          "Slice", Fold.of(MoveFolds::slice),
          "Split", MoveFolds::split,
          "Concat", Fold.of(MoveFolds::concat),
          "Pad", Fold.of(MoveFolds::pad),
          "Trilu", Fold.of(MoveFolds::trilu));

  private MoveFolds() {}

  /** Bits of memory that an element of the result takes on its way, its place among them. */
  private static int bits(NdTensor tensor) {
    return tensor.type().bits() + Integer.SIZE;
  }

  private static NdTensor picked(FoldNode node, NdTensor source, List<int[]> axes)
      throws CannotFold {
    List<Integer> dims = axes.stream().map(axis -> axis.length).toList();
    node.reserve(dims, bits(source));
    return ElementArray.of(source).picked(IndexMaps.places(axes), dims);
  }

  private static NdTensor transpose(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    int rank = in.rank();
    int[] order =
        node.attributes()
            .integers("perm")
            .map(FoldNode::ints)
            .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    boolean[] seen = new boolean[rank];
    for (int axis : order) {
      if (order.length != rank || axis < 0 || axis >= rank || seen[axis]) {
        throw new IllegalArgumentException(
            "perm %s does not order %d dimensions".formatted(Arrays.toString(order), rank));
      }
      seen[axis] = true;
    }
    int[] strides = IndexMaps.strides(in.dims());
    List<int[]> axes = new ArrayList<>();
    node.reserve(in.dims(), 8);
    for (int axis : order) {
      axes.add(IndexMaps.steps(in.dims().get(axis), strides[axis]));
    }
    return picked(node, in, axes);
  }

  private static NdTensor expand(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    List<Integer> dims =
        IndexMaps.together(List.of(in.dims(), ShapeFolds.dims(node.input(1).integers())));
    node.reserve(dims, bits(in));
    return ElementArray.of(in).picked(IndexMaps.broadcast(in.dims(), dims), dims);
  }

  private static NdTensor tile(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    long[] repeats = node.input(1).integers();
    if (repeats.length != in.rank()) {
      throw new IllegalArgumentException(
          "expected %d repeats, got %d".formatted(in.rank(), repeats.length));
    }
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < repeats.length; axis++) {
      long dim = Math.multiplyExact(repeats[axis], (long) in.dims().get(axis));
      dims.add(ShapeFolds.dims(new long[] {dim}).getFirst());
    }
    node.reserve(dims, bits(in) + 32);
    int[] strides = IndexMaps.strides(in.dims());
    List<int[]> axes = new ArrayList<>();
    for (int axis = 0; axis < repeats.length; axis++) {
      int[] steps = new int[dims.get(axis)];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = i % in.dims().get(axis) * strides[axis];
      }
      axes.add(steps);
    }
    return ElementArray.of(in).picked(IndexMaps.places(axes), dims);
  }

  private static NdTensor slice(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    int[] starts = node.required(1, "starts");
    int[] ends = node.required(2, "ends");
    int[] which =
        node.integers(3, "axes")
            .map(FoldNode::ints)
            .orElse(IntStream.range(0, starts.length).toArray());
    int[] by = node.has(4) ? FoldNode.ints(node.input(4).integers()) : new int[starts.length];
    if (!node.has(4)) {
      Arrays.fill(by, 1);
    }
    if (ends.length != starts.length
        || which.length != starts.length
        || by.length != starts.length) {
      throw new IllegalArgumentException("starts, ends, axes and steps must be as many");
    }
    int[] strides = IndexMaps.strides(in.dims());
    List<int[]> axes = new ArrayList<>();
    node.reserve(in.dims(), 8); // no result is larger
    for (int axis = 0; axis < in.rank(); axis++) {
      axes.add(IndexMaps.steps(in.dims().get(axis), strides[axis]));
    }
    for (int i = 0; i < starts.length; i++) {
      int axis = FoldNode.axis(which[i], in.rank());
      axes.set(axis, part(starts[i], ends[i], by[i], in.dims().get(axis), strides[axis]));
    }
    return picked(node, in, axes);
  }

  private static int[] part(long start, long end, long step, int dim, int stride) {
    if (step == 0) {
      throw new IllegalArgumentException("steps must not be 0");
    }
    if (dim == 0) {
      return new int[0];
    }
    long from = start < 0 ? start + dim : start;
    long to = end < 0 ? end + dim : end;
    from = step > 0 ? Math.clamp(from, 0, dim) : Math.clamp(from, 0, dim - 1);
    to = step > 0 ? Math.clamp(to, 0, dim) : Math.clamp(to, -1, dim - 1);
    long count = Math.max(0, Math.ceilDiv(to - from, step));
    int[] steps = new int[(int) count];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (int) (from + i * step) * stride;
    }
    return steps;
  }

  private static List<NdTensor> split(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    int axis = FoldNode.axis(node.attributes().integer("axis", 0), in.rank());
    int dim = in.dims().get(axis);
    int parts = node.node().outputs().size();
    Optional<long[]> given = node.integers(1, "split");
    long[] sizes = new long[parts];
    if (given.isPresent()) {
      sizes = given.get();
    } else {
      int each = Math.ceilDiv(dim, parts);
      for (int i = 0; i < parts; i++) {
        sizes[i] = Math.clamp(dim - (long) i * each, 0, each);
      }
    }
    if (sizes.length != parts
        || Arrays.stream(sizes).anyMatch(size -> size < 0 || size > dim)
        || Arrays.stream(sizes).sum() != dim) {
      throw new IllegalArgumentException(
          "split %s does not cut %d into %d".formatted(Arrays.toString(sizes), dim, parts));
    }
    List<NdTensor> made = new ArrayList<>();
    int[] strides = IndexMaps.strides(in.dims());
    int from = 0;
    for (long size : sizes) {
      List<int[]> axes = new ArrayList<>();
      for (int a = 0; a < in.rank(); a++) {
        axes.add(
            a == axis
                ? part(from, from + size, 1, dim, strides[axis])
                : IndexMaps.steps(in.dims().get(a), strides[a]));
      }
      made.add(picked(node, in, axes));
      from += (int) size;
    }
    return made;
  }

  private static NdTensor concat(FoldNode node) throws CannotFold {
    List<NdTensor> all = node.all();
    NdTensor first = all.getFirst();
    int axis = FoldNode.axis(node.attributes().integer("axis", 1), first.rank());
    long dim = 0;
    for (NdTensor one : all) {
      List<Integer> rest = new ArrayList<>(one.dims());
      List<Integer> same = new ArrayList<>(first.dims());
      if (rest.size() == same.size()) {
        dim += rest.set(axis, 0);
        same.set(axis, 0);
      }
      if (!rest.equals(same)) {
        throw new IllegalArgumentException(
            "%s and %s cannot be joined".formatted(first.dims(), one.dims()));
      }
    }
    List<Integer> dims = new ArrayList<>(first.dims());
    dims.set(axis, ShapeFolds.dims(new long[] {dim}).getFirst());
    int[] places = new int[node.reserve(dims, 2 * bits(first))];
    int inner = (int) NdTensor.count(dims.subList(axis + 1, dims.size()));
    int row = (int) dim * inner;
    int base = 0;
    int column = 0;
    for (NdTensor one : all) {
      int part = one.dims().get(axis) * inner;
      for (int i = 0; i < one.elements(); i++) {
        places[i / part * row + column + i % part] = base + i;
      }
      base += one.elements();
      column += part;
    }
    return ElementArray.joined(all).picked(places, dims);
  }

  private static NdTensor pad(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    String mode = node.attributes().text("mode", "constant");
    int[] pads = node.required(1, node.opset() < 2 ? "paddings" : "pads");
    int[] which =
        node.has(3)
            ? FoldNode.ints(node.input(3).integers())
            : IntStream.range(0, in.rank()).toArray();
    if (pads.length != 2 * which.length) {
      throw new IllegalArgumentException(
          "expected %d pads, got %d".formatted(2 * which.length, pads.length));
    }
    if (mode.equals("constant")
        && (node.has(2) && !isZero(node.input(2)) || node.attributes().number("value", 0) != 0)) {
      throw new CannotFold("pads with another value than 0");
    }
    int[] before = new int[in.rank()];
    int[] after = new int[in.rank()];
    for (int i = 0; i < which.length; i++) {
      int axis = FoldNode.axis(which[i], in.rank());
      before[axis] = pads[i];
      after[axis] = pads[i + which.length];
    }
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < in.rank(); axis++) {
      long dim = (long) before[axis] + in.dims().get(axis) + after[axis];
      dims.add(ShapeFolds.dims(new long[] {dim}).getFirst());
    }
    node.reserve(dims, bits(in) + 32);
    int[] strides = IndexMaps.strides(in.dims());
    List<int[]> axes = new ArrayList<>();
    for (int axis = 0; axis < in.rank(); axis++) {
      int[] steps = new int[dims.get(axis)];
      for (int i = 0; i < steps.length; i++) {
        int from = source(mode, i - before[axis], in.dims().get(axis));
        steps[i] = from < 0 ? IndexMaps.NONE : from * strides[axis];
      }
      axes.add(steps);
    }
    return ElementArray.of(in).picked(IndexMaps.places(axes), dims);
  }

  private static int source(String mode, int index, int dim) throws CannotFold {
    if (index >= 0 && index < dim) {
      return index;
    }
    if (dim == 0) {
      return IndexMaps.NONE;
    }
    return switch (mode) {
      case "constant" -> IndexMaps.NONE;
      case "edge" -> Math.clamp(index, 0, dim - 1);
      case "wrap" -> Math.floorMod(index, dim);
      case "reflect" -> {
        int period = Math.max(1, 2 * (dim - 1));
        int at = Math.floorMod(index, period);
        yield at < dim ? at : period - at;
      }
      default -> throw new CannotFold("pads by " + mode);
    };
  }

  private static boolean isZero(NdTensor value) {
    for (byte b : value.data()) {
      if (b != 0) {
        return false;
      }
    }
    return value.type() != NdType.STRING;
  }

  private static NdTensor trilu(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    if (in.rank() < 2) {
      throw new IllegalArgumentException("expected at least 2 dimensions, got " + in.dims());
    }
    boolean upper = node.attributes().integer("upper", 1) != 0;
    long k = node.has(1) ? node.input(1).integers()[0] : 0;
    int rows = in.dims().get(in.rank() - 2);
    int columns = in.dims().getLast();
    int[] places = new int[node.reserve(in.dims(), bits(in))];
    for (int i = 0; i < places.length; i++) {
      long distance = i % columns - (long) (i / columns % rows);
      places[i] = (upper ? distance >= k : distance <= k) ? i : IndexMaps.NONE;
    }
    return ElementArray.of(in).picked(places, in.dims());
  }
}
