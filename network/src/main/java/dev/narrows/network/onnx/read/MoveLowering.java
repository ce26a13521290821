package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that move, repeat and leave out elements, in ways that are known beforehand. */
final class MoveLowering {
  static final Map<String, NodeLowering> ALL = all();

  private MoveLowering() {}

  /** What an operator does to an array, done to places. */
  private interface Move {
    Places apply(LoweringNode node, Places in) throws NotNativeException;
  }

  private static Map<String, NodeLowering> all() {
    Map<String, Move> moves = new HashMap<>();
    moves.put("Transpose", MoveLowering::transpose);
    moves.put("Slice", MoveLowering::slice);
    moves.put("Expand", MoveLowering::expand);
    moves.put("Tile", MoveLowering::tile);
    moves.put("DepthToSpace", MoveLowering::depthToSpace);
    moves.put("SpaceToDepth", MoveLowering::spaceToDepth);
    moves.put("Trilu", MoveLowering::triangle);
    moves.put("ReverseSequence", MoveLowering::reverse);
    moves.put("CenterCropPad", MoveLowering::center);
    moves.put("Compress", MoveLowering::compress);
    Map<String, NodeLowering> all = new HashMap<>();
    moves.forEach((name, move) ->
        all.put(
            name,
            node -> {
              LoweredValue in = node.value(0);
              Places places = move.apply(node, Places.of(in.dims()));
              if (places.at().length == 0) {
                throw new NotNativeException("the output has no elements");
              }
              node.put(0, MoveLayers.add(node, "move", in, places));
            }));
    all.put("Split", MoveLowering::split);
    return Map.copyOf(all);
  }

  private static Places transpose(LoweringNode node, Places in) {
    Optional<long[]> given = node.attributes().integers("perm");
    int[] order = new int[in.rank()];
    Arrays.setAll(order, i -> in.rank() - 1 - i);
    if (given.isPresent()) {
      if (given.get().length != in.rank()) {
        throw new IllegalArgumentException("perm must name each axis of " + in.dims());
      }
      order = Axes.of(given.get(), in.rank());
    }
    return in.transposed(order);
  }

  private static Places slice(LoweringNode node, Places in) throws NotNativeException {
    long[] starts = Axes.integers(node, 1, "starts").orElse(new long[0]);
    long[] ends = Axes.integers(node, 2, "ends").orElse(new long[0]);
    Optional<long[]> named = Axes.integers(node, 3, "axes");
    Optional<long[]> stepped = Axes.integers(node, 4, "steps");
    int count = starts.length;
    if (ends.length != count
        || named.isPresent() && named.get().length != count
        || stepped.isPresent() && stepped.get().length != count
        || named.isEmpty() && count > in.rank()) {
      throw new IllegalArgumentException("starts, ends, axes and steps are not alike in number");
    }
    int[] axes = named.isPresent() ? Axes.of(named.get(), in.rank()) : Axes.all(count);
    Places taken = in;
    for (int i = 0; i < count; i++) {
      long step = stepped.isPresent() ? stepped.get()[i] : 1;
      taken = taken.taken(axes[i], slice(starts[i], ends[i], step, in.dims().get(axes[i])));
    }
    return taken;
  }

  /** The indices of a slice, by Python's rules. */
  private static int[] slice(long start, long end, long step, int size) {
    if (step == 0) {
      throw new IllegalArgumentException("a slice's step must not be 0");
    }
    long least = step > 0 ? 0 : -1;
    long most = step > 0 ? size : size - 1L;
    long first = Math.clamp(start < 0 ? start + size : start, 0L, most);
    if (step < 0 && start < -size) {
      first = -1;
    }
    long last = Math.clamp(end < 0 ? Math.max(end, -size - 1L) + size : end, least, most);
    long span = step > 0 ? last - first : first - last;
    long stride = Math.min(Math.abs(step == Long.MIN_VALUE ? Long.MAX_VALUE : step), size + 1L);
    int count = span <= 0 ? 0 : (int) Math.ceilDiv(span, stride);
    return Axes.range((int) first, count, (int) (step > 0 ? stride : -stride));
  }

  private static Places expand(LoweringNode node, Places in) throws NotNativeException {
    List<Integer> shape = new ArrayList<>();
    for (long size : node.required(1, "shape").integers()) {
      shape.add(Axes.word(size));
    }
    return in.expanded(Places.broadcast(in.dims(), shape));
  }

  private static Places tile(LoweringNode node, Places in) throws NotNativeException {
    long[] repeats = node.required(1, "repeats").integers();
    Places tiled = in;
    if (node.opset() < 6) {
      int axis = Axes.of(node.required(2, "axis").integers()[0], in.rank());
      return repeated(tiled, axis, repeats[0]);
    }
    if (repeats.length != in.rank()) {
      throw new IllegalArgumentException("repeats must name each axis of " + in.dims());
    }
    for (int axis = 0; axis < repeats.length; axis++) {
      tiled = repeated(tiled, axis, repeats[axis]);
    }
    return tiled;
  }

  private static Places repeated(Places in, int axis, long times) {
    int size = in.dims().get(axis);
    List<Integer> dims = Axes.with(in.dims(), axis, Axes.word(Math.multiplyExact(times, size)));
    if (NdTensor.count(dims) < 0) {
      throw new IllegalArgumentException("repeats must not be negative");
    }
    LoweringBudget.take(dims.get(axis));
    int[] indices = new int[dims.get(axis)];
    Arrays.setAll(indices, i -> i % size);
    return in.taken(axis, indices);
  }

  private static Places depthToSpace(LoweringNode node, Places in) {
    int block = blocks(node, in);
    int n = in.dims().get(0);
    int c = in.dims().get(1) / (block * block);
    int h = in.dims().get(2);
    int w = in.dims().get(3);
    boolean columns = node.attributes().text("mode", "DCR").equals("CRD");
    Places split =
        columns
            ? in.shaped(n, c, block, block, h, w).transposed(0, 1, 4, 2, 5, 3)
            : in.shaped(n, block, block, c, h, w).transposed(0, 3, 4, 1, 5, 2);
    return split.shaped(n, c, h * block, w * block);
  }

  private static Places spaceToDepth(LoweringNode node, Places in) {
    int block = blocks(node, in);
    int n = in.dims().get(0);
    int c = in.dims().get(1);
    int h = in.dims().get(2) / block;
    int w = in.dims().get(3) / block;
    return in.shaped(n, c, h, block, w, block)
        .transposed(0, 3, 5, 1, 2, 4)
        .shaped(n, c * block * block, h, w);
  }

  private static int blocks(LoweringNode node, Places in) {
    int block = node.attributes().int32("blocksize", 0);
    if (block < 1 || block > 1 << 10 || in.rank() != 4) {
      throw new IllegalArgumentException(
          "needs blocks and an image, got %d and %s".formatted(block, in.dims()));
    }
    return block;
  }

  private static Places triangle(LoweringNode node, Places in) throws NotNativeException {
    long diagonal = node.has(1) ? node.required(1, "k").integers()[0] : 0;
    boolean upper = node.attributes().integer("upper", 1) != 0;
    if (in.rank() < 2) {
      throw new IllegalArgumentException("needs 2 dimensions or more, got " + in.dims());
    }
    int columns = in.dims().getLast();
    int rows = in.dims().get(in.rank() - 2);
    LoweringBudget.take(in.at().length);
    int[] at = in.at().clone();
    for (int i = 0; i < at.length; i++) {
      int column = i % columns;
      int row = i / columns % rows;
      boolean inside = upper ? column - row >= diagonal : column - row <= diagonal;
      at[i] = inside ? at[i] : Places.NONE;
    }
    return new Places(in.dims(), at);
  }

  private static Places reverse(LoweringNode node, Places in) throws NotNativeException {
    long[] lengths = node.required(1, "sequence_lens").integers();
    int batches = Axes.of(node.attributes().integer("batch_axis", 1), in.rank());
    int times = Axes.of(node.attributes().integer("time_axis", 0), in.rank());
    int[] steps = Places.steps(in.dims());
    LoweringBudget.take(in.at().length);
    int[] at = new int[in.at().length];
    for (int i = 0; i < at.length; i++) {
      int batch = i / steps[batches] % in.dims().get(batches);
      int time = i / steps[times] % in.dims().get(times);
      int length = Math.clamp(lengths[batch], 0, in.dims().get(times));
      int from = time < length ? length - 1 - time : time;
      at[i] = in.at()[i + (from - time) * steps[times]];
    }
    return new Places(in.dims(), at);
  }

  private static Places center(LoweringNode node, Places in) throws NotNativeException {
    long[] shape = node.required(1, "shape").integers();
    Optional<long[]> given = node.attributes().integers("axes");
    int[] axes = given.isPresent() ? Axes.of(given.get(), in.rank()) : Axes.all(in.rank());
    Places out = in;
    for (int i = 0; i < axes.length; i++) {
      int size = in.dims().get(axes[i]);
      int wanted = Axes.word(shape[i]);
      int start = wanted <= size ? (size - wanted) / 2 : -((wanted - size) / 2);
      LoweringBudget.take(Math.max(0, wanted));
      int[] indices = new int[Math.max(0, wanted)];
      for (int k = 0; k < indices.length; k++) {
        int at = start + k;
        indices[k] = at < 0 || at >= size ? Places.NONE : at;
      }
      out = out.taken(axes[i], indices);
    }
    return out;
  }

  private static Places compress(LoweringNode node, Places in) throws NotNativeException {
    long[] condition = node.required(1, "condition").integers();
    boolean whole = !node.attributes().has("axis");
    Places from = whole ? in.shaped(in.at().length) : in;
    int axis = whole ? 0 : Axes.of(node.attributes().integer("axis", 0), in.rank());
    int size = from.dims().get(axis);
    int[] kept = new int[Math.min(size, condition.length)];
    int count = 0;
    for (int i = 0; i < kept.length; i++) {
      if (condition[i] != 0) {
        kept[count++] = i;
      }
    }
    return from.taken(axis, Arrays.copyOf(kept, count));
  }

  private static void split(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    int axis = Axes.of(node.attributes().integer("axis", 0), in.rank());
    int size = in.dims().get(axis);
    int outputs = node.node().outputs().size();
    Optional<long[]> given = Axes.integers(node, 1, "split");
    long[] sizes = given.orElseGet(() -> new long[outputs]);
    if (given.isEmpty()) {
      long part = Math.ceilDiv(size, outputs);
      Arrays.fill(sizes, part);
      sizes[outputs - 1] = size - part * (outputs - 1);
    }
    if (sizes.length != outputs || Arrays.stream(sizes).sum() != size) {
      throw new IllegalArgumentException(
          "%s does not split %d into %d".formatted(Arrays.toString(sizes), size, outputs));
    }
    int first = 0;
    for (int i = 0; i < outputs; i++) {
      int count = Axes.word(sizes[i]);
      if (node.wants(i) || i == 0) {
        if (count <= 0) {
          throw new NotNativeException("a part has no elements");
        }
        Places part = Places.of(in.dims()).taken(axis, Axes.range(first, count, 1));
        node.put(i, MoveLayers.add(node, "part" + i, in, part));
      }
      first += count;
    }
  }
}
