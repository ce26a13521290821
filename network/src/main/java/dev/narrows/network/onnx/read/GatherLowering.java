package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that take elements by their index: a constant one, or one into a constant table. */
final class GatherLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "Gather", GatherLowering::gather,
          "GatherElements", GatherLowering::elements,
          "GatherND", GatherLowering::entries);

  private GatherLowering() {}

  private static void gather(LoweringNode node) throws NotNativeException {
    if (node.constant(1).isEmpty()) {
      Optional<WholeNumbers> entries = WholeNumbers.entries(node, GatherLowering::rows);
      if (entries.isPresent()) {
        node.graph().defer(node.output(), entries.get());
      } else {
        rows(node);
      }
      return;
    }
    LoweredValue in = node.value(0);
    NdTensor indices = node.required(1, "indices");
    int axis = Axes.of(node.attributes().integer("axis", 0), in.rank());
    int size = in.dims().get(axis);
    int[] taken = Arrays.stream(indices.integers()).mapToInt(i -> Axes.of(i, size)).toArray();
    List<Integer> dims = new ArrayList<>(in.dims().subList(0, axis));
    dims.addAll(indices.dims());
    dims.addAll(in.dims().subList(axis + 1, in.rank()));
    put(node, in, Places.of(in.dims()).taken(axis, taken).shaped(dims));
  }

  private static void put(LoweringNode node, LoweredValue in, Places places)
      throws NotNativeException {
    if (places.at().length == 0) {
      throw new NotNativeException("the output has no elements");
    }
    node.put(0, MoveLayers.add(node, "take", in, places));
  }

  /** Rows of a constant table, by indices that are activations. */
  private static void rows(LoweringNode node) throws NotNativeException {
    LoweredValue ids = node.value(1);
    Optional<NdTensor> constant = node.constant(0);
    int rank = constant.isPresent() ? constant.get().rank() : node.value(0).rank();
    int axis = Axes.of(node.attributes().integer("axis", 0), rank);
    if (axis != 0 || !isTable(constant)) {
      node.put(0, chosen(node, node.value(0), ids, axis));
      return;
    }
    NdTensor table = constant.orElseThrow();
    float[] numbers = table.floats();
    int rows = table.dims().getFirst();
    int depth = numbers.length / Math.max(1, rows);
    if (numbers.length == 0) {
      throw new NotNativeException("the table has no elements");
    }
    int positions = ids.elements();
    int flat = node.shaped(ids.tensor(), 1, positions, 1);
    TensorType to = TensorType.floats(depth, positions, 1);
    int made = node.add(new Embedding(node.unique(), flat, to, numbers));
    Places back = Places.of(List.of(depth, positions)).transposed(1, 0);
    List<Integer> dims = new ArrayList<>(ids.dims());
    dims.addAll(table.dims().subList(1, table.rank()));
    LoweredValue columns = new LoweredValue(made, List.of(depth, positions), NdType.FLOAT);
    node.put(0, MoveLayers.shaped(MoveLayers.add(node, "transpose", columns, back), dims));
  }

  /** Whether an embedding can hold it: numbers that are finite. */
  private static boolean isTable(Optional<NdTensor> table) {
    if (table.isEmpty() || table.get().type() != NdType.FLOAT) {
      return false;
    }
    for (float number : table.get().floats()) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }

  /** Elements of activations by indices that are activations. */
  static LoweredValue chosen(LoweringNode node, LoweredValue in, LoweredValue ids, int axis)
      throws NotNativeException {
    int before = Axes.product(in.dims().subList(0, axis));
    int behind = Axes.product(in.dims().subList(axis + 1, in.rank()));
    int count = ids.elements();
    LoweredValue indices =
        MoveLayers.expanded(
            node,
            MoveLayers.shaped(IntegerLayers.integers(node, ids), List.of(count, 1)),
            List.of(before, count, behind));
    List<Integer> dims = new ArrayList<>(in.dims().subList(0, axis));
    dims.addAll(ids.dims());
    dims.addAll(in.dims().subList(axis + 1, in.rank()));
    return taken(node, in, indices, before, in.dims().get(axis), behind, dims);
  }

  private static LoweredValue taken(
      LoweringNode node,
      LoweredValue in,
      LoweredValue indices,
      int before,
      int size,
      int behind,
      List<Integer> dims) {
    int count = indices.elements() / before / behind;
    int data = node.shaped(in.tensor(), before, size, behind);
    int which = node.shaped(indices.tensor(), before, count, behind);
    TensorType to = node.type(data).shaped(before, count, behind);
    int made = node.add(new TakeAlong(node.unique(), data, which, to));
    return new LoweredValue(made, dims, in.type(), in.dequantized());
  }

  private static void chosenElements(LoweringNode node, LoweredValue in, int axis)
      throws NotNativeException {
    LoweredValue indices = IntegerLayers.integers(node, 1);
    if (indices.rank() != in.rank()) {
      throw new IllegalArgumentException(
          "indices %s and data %s differ in rank".formatted(indices.dims(), in.dims()));
    }
    Places places = Places.of(in.dims());
    for (int i = 0; i < in.rank(); i++) {
      if (i != axis) {
        if (indices.dims().get(i) > in.dims().get(i)) {
          throw new IllegalArgumentException(
              "indices %s reach beyond %s".formatted(indices.dims(), in.dims()));
        }
        places = places.taken(i, Axes.range(0, indices.dims().get(i), 1));
      }
    }
    LoweredValue part = MoveLayers.add(node, "part", in, places);
    int before = Axes.product(indices.dims().subList(0, axis));
    int behind = Axes.product(indices.dims().subList(axis + 1, in.rank()));
    int size = in.dims().get(axis);
    node.put(0, taken(node, part, indices, before, size, behind, indices.dims()));
  }

  private static void elements(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    int axis = Axes.of(node.attributes().integer("axis", 0), in.rank());
    if (node.constant(1).isEmpty()) {
      chosenElements(node, in, axis);
      return;
    }
    NdTensor indices = node.required(1, "indices");
    if (indices.rank() != in.rank()) {
      throw new IllegalArgumentException(
          "indices %s and data %s differ in rank".formatted(indices.dims(), in.dims()));
    }
    int[] inner = Places.steps(indices.dims());
    int[] steps = Places.steps(in.dims());
    long[] values = indices.integers();
    int[] at = new int[values.length];
    for (int i = 0; i < at.length; i++) {
      for (int d = 0; d < in.rank(); d++) {
        int index = i / inner[d] % indices.dims().get(d);
        at[i] += steps[d] * Axes.of(d == axis ? values[i] : index, in.dims().get(d));
      }
    }
    put(node, in, new Places(indices.dims(), at));
  }

  private static void entries(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    NdTensor indices = node.required(1, "indices");
    int batch = node.attributes().int32("batch_dims", 0);
    int named = indices.rank() == 0 ? 0 : indices.dims().getLast();
    if (batch < 0 || batch >= indices.rank() || batch + named > in.rank()) {
      throw new IllegalArgumentException(
          "indices %s do not name entries of %s".formatted(indices.dims(), in.dims()));
    }
    List<Integer> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
    int entries = Axes.product(dims);
    List<Integer> rest = in.dims().subList(batch + named, in.rank());
    int size = Axes.product(rest);
    dims.addAll(rest);
    int batches = Axes.product(in.dims().subList(0, batch));
    int[] steps = Places.steps(in.dims());
    long[] values = indices.integers();
    LoweringBudget.take((long) entries * size);
    int[] at = new int[Math.multiplyExact(entries, size)];
    for (int e = 0; e < entries; e++) {
      int from = batch == 0 ? 0 : e / (entries / batches) * steps[batch - 1];
      for (int k = 0; k < named; k++) {
        from += steps[batch + k] * Axes.of(values[e * named + k], in.dims().get(batch + k));
      }
      for (int i = 0; i < size; i++) {
        at[e * size + i] = from + i;
      }
    }
    put(node, in, new Places(dims, at));
  }
}
