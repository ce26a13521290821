package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Axes, sizes and other integers that nodes give, as attributes or as constant inputs. */
final class Axes {
  private Axes() {}

  /**
   * An axis from the front.
   *
   * @throws IllegalArgumentException if the value has no such axis
   */
  static int of(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          "axis %d is outside a value of %d dimensions".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Axes from the front, each once. */
  static int[] of(long[] axes, int rank) {
    int[] found = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      found[i] = of(axes[i], rank);
    }
    if (Arrays.stream(found).distinct().count() != found.length) {
      throw new IllegalArgumentException("axes " + Arrays.toString(axes) + " repeat one");
    }
    return found;
  }

  /** All axes. */
  static int[] all(int rank) {
    int[] axes = new int[rank];
    Arrays.setAll(axes, i -> i);
    return axes;
  }

  /**
   * Integers that are an attribute in older versions of an operator and an input in newer ones.
   *
   * @throws NotNativeException if they are an input that is no constant
   */
  static Optional<long[]> integers(LoweringNode node, int input, String name)
      throws NotNativeException {
    if (node.has(input)) {
      return Optional.of(node.required(input, name).integers());
    }
    return node.attributes().integers(name);
  }

  /** A size or index that fits 32 bits. */
  static int word(long value) {
    if (value != (int) value) {
      throw new IllegalArgumentException(value + " does not fit 32 bits");
    }
    return (int) value;
  }

  /** The product of some dimensions. */
  static int product(List<Integer> dims) {
    return (int) NdTensor.count(dims);
  }

  /** Dimensions with one of them replaced. */
  static List<Integer> with(List<Integer> dims, int axis, int size) {
    List<Integer> changed = new ArrayList<>(dims);
    changed.set(axis, size);
    return changed;
  }

  /** The order of axes in which {@code axes} come last, the others and these as they were. */
  static int[] last(int rank, int[] axes) {
    int[] order = new int[rank];
    int next = 0;
    for (int i = 0; i < rank; i++) {
      int axis = i;
      if (Arrays.stream(axes).noneMatch(other -> other == axis)) {
        order[next++] = i;
      }
    }
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    System.arraycopy(sorted, 0, order, next, sorted.length);
    return order;
  }

  /** The order that takes channels, which come last, to where they usually are. */
  static int[] channelsFirst(int rank) {
    if (rank < 2) {
      throw new IllegalArgumentException(
          "a value of %d dimensions has no channels".formatted(rank));
    }
    int[] order = new int[rank];
    order[1] = rank - 1;
    for (int i = 2; i < rank; i++) {
      order[i] = i - 1;
    }
    return order;
  }

  /** The order that takes {@code order} back. */
  static int[] inverse(int[] order) {
    int[] back = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
    }
    return back;
  }

  /** A run of indices, {@code step} apart. */
  static int[] range(int start, int count, int step) {
    LoweringBudget.take(count);
    int[] indices = new int[count];
    Arrays.setAll(indices, i -> start + i * step);
    return indices;
  }
}
