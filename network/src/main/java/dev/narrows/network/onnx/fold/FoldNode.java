package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One node with its constants. */
record FoldNode(OnnxNode node, int opset, List<Optional<NdTensor>> inputs, FoldBudget budget) {
  OnnxAttributes attributes() {
    return node.attributes();
  }

  boolean has(int number) {
    return number < inputs.size() && inputs.get(number).isPresent();
  }

  NdTensor input(int number) {
    if (!has(number)) {
      throw new IllegalArgumentException("input %d is missing".formatted(number));
    }
    return inputs.get(number).orElseThrow();
  }

  /** All inputs, at least one; none may be left out. */
  List<NdTensor> all() {
    List<NdTensor> all = new ArrayList<>();
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("has no inputs");
    }
    for (int i = 0; i < inputs.size(); i++) {
      all.add(input(i));
    }
    return all;
  }

  /** The integers of an input, or of an attribute in older operators; empty if there are none. */
  Optional<long[]> integers(int number, String attribute) {
    return has(number) ? Optional.of(input(number).integers()) : attributes().integers(attribute);
  }

  /** An input or attribute of integers that must be there. */
  int[] required(int number, String name) {
    return ints(
        integers(number, name)
            .orElseThrow(() -> new IllegalArgumentException(name + " are missing")));
  }

  static int[] ints(long[] values) {
    return Arrays.stream(values)
        .mapToInt(value -> Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE))
        .toArray();
  }

  /** An axis of so many dimensions, from the front. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          "axis must be in [%d, %d], got %d".formatted(-rank, rank - 1, axis));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The number of elements, once so many fit the budget. */
  int reserve(List<Integer> dims, int bits) throws CannotFold {
    long elements = NdTensor.count(dims);
    requireModest(dims);
    budget.keep(Math.ceilDiv(elements * Math.max(bits, 8), 8L));
    return (int) elements;
  }

  /** Nothing takes memory by a dimension of an array without elements. */
  static void requireModest(List<Integer> dims) throws CannotFold {
    if (dims.contains(0) && dims.stream().anyMatch(dim -> dim > 1 << 16)) {
      throw new CannotFold("an empty array of a huge dimension");
    }
  }
}
