package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Python's slices of small constants, most often of shapes. */
final class FoldedSlice {
  private FoldedSlice() {}

  /**
   * STRIDED_SLICE without an ellipsis or new dimensions.
   *
   * @param in the tensor, begins, ends and strides
   */
  static Optional<FoldedTensor> of(FlatTable options, List<FoldedTensor> in)
      throws NetworkFileException {
    FoldedTensor from = in.getFirst();
    if (options.i32(2, 0, "ellipsis_mask") != 0
        || options.i32(3, 0, "new_axis_mask") != 0
        || options.flag(5, "offset")) {
      return Optional.empty();
    }
    int given = in.get(1).values().length;
    if (given > from.rank()
        || in.get(2).values().length != given
        || in.get(3).values().length != given) {
      return Optional.empty();
    }
    int[] first = new int[from.rank()];
    int[] steps = new int[from.rank()];
    int[] counts = from.dims().clone();
    Arrays.fill(steps, 1);
    int shrink = options.i32(4, 0, "shrink_axis_mask");
    for (int axis = 0; axis < given; axis++) {
      long by = in.get(3).values()[axis];
      if (by == 0 || Math.abs(by) > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      boolean shrinks = (shrink & 1 << axis) != 0;
      boolean down = by < 0 && !shrinks;
      int size = from.dims()[axis];
      long begin =
          (options.i32(0, 0, "begin_mask") & 1 << axis) != 0
              ? (down ? size - 1 : 0)
              : clamped(in.get(1).values()[axis], size, down);
      long end =
          (options.i32(1, 0, "end_mask") & 1 << axis) != 0
              ? (down ? -1 : size)
              : clamped(in.get(2).values()[axis], size, down);
      if (shrinks) {
        by = 1;
        end = begin + 1;
      }
      long count =
          Math.max(0, by > 0 ? Math.ceilDiv(end - begin, by) : Math.ceilDiv(begin - end, -by));
      if (shrinks && begin >= size) {
        return Optional.empty();
      }
      first[axis] = (int) begin;
      steps[axis] = (int) by;
      counts[axis] = (int) count;
    }
    Optional<FoldedTensor> part = FoldedMoves.part(from, first, steps, counts);
    List<Integer> left = new ArrayList<>();
    for (int axis = 0; axis < counts.length; axis++) {
      if ((shrink & 1 << axis) == 0) {
        left.add(counts[axis]);
      }
    }
    return part.map(each -> each.shaped(left.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static long clamped(long index, int size, boolean down) {
    long wrapped = index < 0 ? index + size : index;
    return Math.clamp(wrapped, down ? -1 : 0, down ? size - 1 : size);
  }
}
