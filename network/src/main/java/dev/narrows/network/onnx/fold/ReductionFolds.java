package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * Many elements become one. Integers wrap in their type; floating-point numbers are combined in
 * binary64, in order, and rounded once.
 */
final class ReductionFolds {
  static final Map<String, Fold> ALL =
      Map.of(
          "ReduceSum", Fold.of(node -> reduced(node, 0, Double::sum, Long::sum, false)),
          "ReduceMean", Fold.of(node -> reduced(node, 0, Double::sum, Long::sum, true)),
          "ReduceProd", Fold.of(node -> reduced(node, 1, (a, b) -> a * b, (a, b) -> a * b, false)),
          "ReduceMax",
              Fold.of(node -> reduced(node, Double.NEGATIVE_INFINITY, Math::max, Math::max, false)),
          "ReduceMin",
              Fold.of(
                  node -> reduced(node, Double.POSITIVE_INFINITY, Math::min, Math::min, false)));

  private ReductionFolds() {}

  private static NdTensor reduced(
      FoldNode node,
      double neutral,
      DoubleBinaryOperator numbers,
      LongBinaryOperator integers,
      boolean mean)
      throws CannotFold {
    NdTensor in = node.input(0);
    NdType type = FoldedNumbers.computed(in.type());
    if (type == NdType.UINT64) {
      throw new CannotFold("reduces UINT64");
    }
    boolean keep = node.attributes().integer("keepdims", 1) != 0;
    Optional<long[]> given = node.integers(1, "axes").filter(axes -> axes.length > 0);
    if (given.isEmpty() && node.attributes().integer("noop_with_empty_axes", 0) != 0) {
      return in;
    }
    boolean[] gone = new boolean[in.rank()];
    Arrays.fill(gone, given.isEmpty());
    for (long axis : given.orElse(new long[0])) {
      gone[FoldNode.axis(axis, in.rank())] = true;
    }
    List<Integer> kept = new ArrayList<>();
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < gone.length; axis++) {
      kept.add(gone[axis] ? 1 : in.dims().get(axis));
      if (!gone[axis] || keep) {
        dims.add(kept.getLast());
      }
    }
    int count = node.reserve(dims, 128);
    if (count == 0 || in.elements() == 0) {
      throw new CannotFold("reduces nothing");
    }
    node.reserve(in.dims(), 128);
    int[] places = IndexMaps.broadcast(kept, in.dims());
    long each = in.elements() / count;
    if (type.isFloating()) {
      double[] made = new double[count];
      Arrays.fill(made, neutral);
      double[] values = in.doubles();
      for (int i = 0; i < values.length; i++) {
        made[places[i]] = numbers.applyAsDouble(made[places[i]], values[i]);
      }
      for (int i = 0; i < count && mean; i++) {
        made[i] /= each;
      }
      return FoldedNumbers.of(type, made, dims);
    }
    long first =
        neutral == 0 || neutral == 1
            ? (long) neutral
            : neutral < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    long[] made = new long[count];
    Arrays.fill(made, first);
    long[] values = in.integers();
    for (int i = 0; i < values.length; i++) {
      made[places[i]] = integers.applyAsLong(made[places[i]], values[i]);
    }
    for (int i = 0; i < count && mean; i++) {
      made[i] /= each;
    }
    return NdTensor.ofIntegers(type, made, dims);
  }
}
