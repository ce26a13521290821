package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Reads an operator's options and computes it; empty where it is not one of these. */
final class FoldedOperators {
  private static final int MAX_RANK = 8;

  private FoldedOperators() {}

  /**
   * What an operator makes.
   *
   * @param in all its inputs, at least one
   */
  static Optional<List<FoldedTensor>> of(
      FileOperator file, Operator kind, List<FoldedTensor> in, FlatModel model)
      throws NetworkFileException {
    return switch (kind) {
      case UNPACK -> unpacked(file, in.getFirst());
      default -> one(file, kind, in, model).map(List::of);
    };
  }

  private static Optional<FoldedTensor> one(
      FileOperator file, Operator kind, List<FoldedTensor> in, FlatModel model)
      throws NetworkFileException {
    FoldedTensor first = in.getFirst();
    FlatTable options = file.options();
    if (asked(kind) > 0 && !indexed(in, asked(kind))) {
      return Optional.empty();
    }
    return switch (kind) {
      case ADD, SUB, MUL, DIV ->
          in.size() == 2 && options.i8(0, 0, "activation") == 0
              ? FoldedArithmetic.pair(kind, first, in.get(1))
              : Optional.empty();
      case FLOOR_DIV,
          FLOOR_MOD,
          MAXIMUM,
          MINIMUM,
          SQUARED_DIFFERENCE,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          EQUAL,
          NOT_EQUAL,
          LOGICAL_AND,
          LOGICAL_OR ->
          in.size() == 2 ? FoldedArithmetic.pair(kind, first, in.get(1)) : Optional.empty();
      case NEG, ABS, SIGN, LOGICAL_NOT -> FoldedArithmetic.single(kind, first);
      case CAST -> FoldedArithmetic.cast(first, model.type(file.outputs()[0]));
      case SELECT, SELECT_V2 ->
          in.size() == 3 ? FoldedArithmetic.select(first, in.get(1), in.get(2)) : Optional.empty();
      case SUM, REDUCE_PROD, REDUCE_MAX, REDUCE_MIN -> reduced(file, kind, in);
      case PACK -> packed(file, in);
      case CONCATENATION -> {
        int axis = first.axis(options.i32(0, 0, "axis"));
        yield axis < 0 || options.i8(1, 0, "activation") != 0
            ? Optional.empty()
            : FoldedMoves.joined(in, axis);
      }
      case GATHER -> {
        int axis = first.axis(options.i32(0, 0, "axis"));
        yield axis < 0 || options.i32(1, 0, "batch_dims") != 0
            ? Optional.empty()
            : FoldedMoves.gathered(first, in.get(1), axis);
      }
      case SLICE -> sliced(in);
      case STRIDED_SLICE -> FoldedSlice.of(options, in);
      case RESHAPE -> reshaped(file, in);
      case SQUEEZE -> squeezed(options, first);
      case EXPAND_DIMS -> expanded(in);
      case TRANSPOSE -> transposed(in);
      case REVERSE_V2 -> reversed(in);
      case FILL ->
          in.size() == 2 && in.get(1).values().length == 1
              ? dims(first).flatMap(to -> FoldedMoves.broadcast(in.get(1).shaped(), to))
              : Optional.empty();
      case BROADCAST_TO -> dims(in.get(1)).flatMap(to -> FoldedMoves.broadcast(first, to));
      case TILE ->
          dims(in.get(1))
              .filter(times -> times.length == first.rank())
              .flatMap(times -> FoldedMoves.tiled(first, times));
      case RANGE -> range(in);
      default -> Optional.empty();
    };
  }

  /** How many inputs an operator has that reads shapes or indices; 0 for others. */
  private static int asked(Operator kind) {
    return switch (kind) {
      case SUM,
          REDUCE_PROD,
          REDUCE_MAX,
          REDUCE_MIN,
          GATHER,
          EXPAND_DIMS,
          TRANSPOSE,
          REVERSE_V2,
          BROADCAST_TO,
          TILE ->
          2;
      case SLICE -> 3;
      case STRIDED_SLICE -> 4;
      default -> 0;
    };
  }

  /** Whether there are so many inputs, all but the first whole numbers. */
  private static boolean indexed(List<FoldedTensor> in, int count) {
    return in.size() == count
        && in.stream()
            .skip(1)
            .allMatch(each ->
                each.type() == FileElementType.INT32 || each.type() == FileElementType.INT64);
  }

  private static Optional<FoldedTensor> reduced(
      FileOperator file, Operator kind, List<FoldedTensor> in) throws NetworkFileException {
    TreeSet<Integer> axes = new TreeSet<>();
    for (long axis : in.get(1).values()) {
      axes.add(in.getFirst().axis(axis));
    }
    return axes.contains(-1)
        ? Optional.empty()
        : FoldedArithmetic.reduced(
            kind, in.getFirst(), List.copyOf(axes), file.options().flag(0, "keep_dims"));
  }

  private static Optional<FoldedTensor> packed(FileOperator file, List<FoldedTensor> in)
      throws NetworkFileException {
    FoldedTensor first = in.getFirst();
    int axis = file.options().i32(1, 0, "axis");
    axis = axis < 0 ? axis + first.rank() + 1 : axis;
    if (axis < 0 || axis > first.rank() || first.rank() >= MAX_RANK) {
      return Optional.empty();
    }
    List<FoldedTensor> parts = new ArrayList<>();
    for (FoldedTensor each : in) {
      parts.add(each.rank() == first.rank() ? each.shaped(inserted(each.dims(), axis)) : each);
    }
    return FoldedMoves.joined(parts, axis);
  }

  private static Optional<List<FoldedTensor>> unpacked(FileOperator file, FoldedTensor from)
      throws NetworkFileException {
    int axis = from.axis(file.options().i32(1, 0, "axis"));
    if (axis < 0 || from.dims()[axis] != file.outputs().length) {
      return Optional.empty();
    }
    List<FoldedTensor> parts = new ArrayList<>();
    for (int i = 0; i < file.outputs().length; i++) {
      long[] index = {i};
      Optional<FoldedTensor> part =
          FoldedMoves.gathered(
              from, new FoldedTensor(FileElementType.INT32, new int[0], index), axis);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(parts);
  }

  private static int[] inserted(int[] dims, int axis) {
    int[] more = new int[dims.length + 1];
    System.arraycopy(dims, 0, more, 0, axis);
    more[axis] = 1;
    System.arraycopy(dims, axis, more, axis + 1, dims.length - axis);
    return more;
  }

  private static Optional<FoldedTensor> sliced(List<FoldedTensor> in) {
    FoldedTensor from = in.getFirst();
    if (in.get(1).values().length != from.rank() || in.get(2).values().length != from.rank()) {
      return Optional.empty();
    }
    int[] first = new int[from.rank()];
    int[] counts = new int[from.rank()];
    for (int axis = 0; axis < counts.length; axis++) {
      long begin = in.get(1).values()[axis];
      long size = in.get(2).values()[axis];
      int whole = from.dims()[axis];
      size = size == -1 ? whole - begin : size;
      if (begin < 0 || begin > whole || size < 0 || size > whole - begin) {
        return Optional.empty();
      }
      first[axis] = (int) begin;
      counts[axis] = (int) size;
    }
    int[] steps = new int[counts.length];
    Arrays.fill(steps, 1);
    return FoldedMoves.part(from, first, steps, counts);
  }

  private static Optional<FoldedTensor> reshaped(FileOperator file, List<FoldedTensor> in)
      throws NetworkFileException {
    FoldedTensor from = in.getFirst();
    int[] to;
    if (indexed(in, 2)) {
      Optional<int[]> dims = whole(in.get(1).values());
      if (dims.isEmpty()) {
        return Optional.empty();
      }
      to = dims.get();
    } else if (in.size() > 1) {
      return Optional.empty();
    } else {
      to = file.options().vector(0, Integer.BYTES, "new_shape").ints(MAX_RANK);
    }
    int open = -1;
    long known = 1;
    for (int axis = 0; axis < to.length; axis++) {
      if (to[axis] == -1 && open < 0) {
        open = axis;
      } else if (to[axis] < 0 || to[axis] > FoldedTensor.MOST) {
        return Optional.empty();
      } else {
        known = Math.min(known * to[axis], FoldedTensor.MOST + 1L);
      }
    }
    if (open >= 0 && known > 0) {
      to[open] = (int) (from.values().length / known);
      known *= to[open];
    }
    return known == from.values().length ? Optional.of(from.shaped(to)) : Optional.empty();
  }

  private static Optional<FoldedTensor> squeezed(FlatTable options, FoldedTensor from)
      throws NetworkFileException {
    int[] asked = options.vector(0, Integer.BYTES, "squeeze_dims").ints(MAX_RANK);
    boolean[] leaves = new boolean[from.rank()];
    for (int axis = 0; axis < leaves.length; axis++) {
      leaves[axis] = asked.length == 0 && from.dims()[axis] == 1;
    }
    for (int each : asked) {
      int axis = from.axis(each);
      if (axis < 0 || from.dims()[axis] != 1) {
        return Optional.empty();
      }
      leaves[axis] = true;
    }
    int[] dims = new int[from.rank()];
    int count = 0;
    for (int axis = 0; axis < leaves.length; axis++) {
      if (!leaves[axis]) {
        dims[count++] = from.dims()[axis];
      }
    }
    return Optional.of(from.shaped(Arrays.copyOf(dims, count)));
  }

  private static Optional<FoldedTensor> expanded(List<FoldedTensor> in) {
    FoldedTensor from = in.getFirst();
    if (in.get(1).values().length != 1 || from.rank() >= MAX_RANK) {
      return Optional.empty();
    }
    long asked = in.get(1).values()[0];
    long axis = asked < 0 ? asked + from.rank() + 1 : asked;
    return axis < 0 || axis > from.rank()
        ? Optional.empty()
        : Optional.of(from.shaped(inserted(from.dims(), (int) axis)));
  }

  private static Optional<FoldedTensor> transposed(List<FoldedTensor> in) {
    FoldedTensor from = in.getFirst();
    int[] order = new int[from.rank()];
    TreeSet<Integer> met = new TreeSet<>();
    if (in.get(1).values().length != order.length) {
      return Optional.empty();
    }
    for (int i = 0; i < order.length; i++) {
      order[i] = from.axis(in.get(1).values()[i]);
      met.add(order[i]);
    }
    return met.contains(-1) || met.size() != order.length
        ? Optional.empty()
        : FoldedMoves.transposed(from, order);
  }

  private static Optional<FoldedTensor> reversed(List<FoldedTensor> in) {
    FoldedTensor from = in.getFirst();
    int[] first = new int[from.rank()];
    int[] steps = new int[from.rank()];
    Arrays.fill(steps, 1);
    for (long asked : in.get(1).values()) {
      int axis = from.axis(asked);
      if (axis < 0) {
        return Optional.empty();
      }
      first[axis] = from.dims()[axis] - 1;
      steps[axis] = -1;
    }
    return FoldedMoves.part(from, first, steps, from.dims());
  }

  private static Optional<FoldedTensor> range(List<FoldedTensor> in) {
    FoldedTensor first = in.getFirst();
    if (!indexed(in, 3)
        || !indexed(List.of(first, first), 2)
        || in.stream().anyMatch(each -> each.values().length != 1)) {
      return Optional.empty();
    }
    long start = first.values()[0];
    long by = in.get(2).values()[0];
    long span = in.get(1).values()[0] - start;
    if (by == 0 || Math.abs(span) > Integer.MAX_VALUE || Math.abs(by) > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    long count = Math.max(0, by > 0 ? Math.ceilDiv(span, by) : Math.ceilDiv(-span, -by));
    return FoldedTensor.count((int) count)
        .map(size -> {
          long[] values = new long[size];
          Arrays.setAll(values, i -> start + i * by);
          return new FoldedTensor(first.type(), new int[] {size}, values);
        });
  }

  /** Dimensions that a constant says; none negative, few enough. */
  private static Optional<int[]> dims(FoldedTensor said) {
    return said.type() == FileElementType.FLOAT32 || said.rank() > 1
        ? Optional.empty()
        : whole(said.values()).filter(dims -> Arrays.stream(dims).allMatch(dim -> dim >= 0));
  }

  private static Optional<int[]> whole(long[] values) {
    int[] whole = new int[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) values[i];
      if (whole[i] != values[i]) {
        return Optional.empty();
      }
    }
    return values.length > MAX_RANK ? Optional.empty() : Optional.of(whole);
  }
}
