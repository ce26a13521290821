package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Numbers of binary64 that are integers of 32 bits: entries of a table, or sums of two of them, as
 * additions in QONNX files of Narrows have them. Thresholds make codes of the integers; for any
 * other reader they are numbers of binary32 like all of binary64.
 */
sealed interface WholeNumbers extends Deferred {
  /** No number is outside. */
  IntegerRange range();

  /** The layers that make the integers. */
  LoweredValue integers() throws NotNativeException;

  @Override
  default Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps) {
    return Optional.empty();
  }

  /** Entries of a constant row, by indices that are activations; empty if some are not whole. */
  static Optional<WholeNumbers> entries(LoweringNode node, NodeLowering plain)
      throws NotNativeException {
    Optional<NdTensor> table = node.constant(0);
    if (table.isEmpty()
        || table.get().type() != NdType.DOUBLE
        || table.get().rank() != 1
        || table.get().elements() == 0) {
      return Optional.empty();
    }
    double[] numbers = table.get().doubles();
    long[] entries = new long[numbers.length];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = (int) numbers[i];
      if (entries[i] != numbers[i]) {
        return Optional.empty();
      }
    }
    return Optional.of(new Entries(node, plain, entries, node.value(1)));
  }

  /** The sum of two such values; empty if a node adds others, or sums need more than 32 bits. */
  static Optional<Deferred> sum(LoweringNode node, NodeLowering plain) {
    if (node.node().inputs().size() != 2) {
      return Optional.empty();
    }
    Optional<Deferred> left = node.graph().deferred(node.node().input(0));
    Optional<Deferred> right = node.graph().deferred(node.node().input(1));
    if (left.isPresent()
        && right.isPresent()
        && left.get() instanceof WholeNumbers a
        && right.get() instanceof WholeNumbers b) {
      long min = a.range().min() + b.range().min();
      long max = a.range().max() + b.range().max();
      if (min == (int) min && max == (int) max) {
        return Optional.of(new WholeSum(node, plain, a, b, new IntegerRange(min, max)));
      }
    }
    return Optional.empty();
  }

  /**
   * Entries of a table.
   *
   * @param plain how the node is lowered otherwise
   */
  record Entries(LoweringNode node, NodeLowering plain, long[] table, LoweredValue indices)
      implements WholeNumbers {
    @Override
    public IntegerRange range() {
      return new IntegerRange(
          Arrays.stream(table).min().orElseThrow(), Arrays.stream(table).max().orElseThrow());
    }

    @Override
    public LoweredValue integers() throws NotNativeException {
      int[] entries = Arrays.stream(table).mapToInt(Math::toIntExact).toArray();
      LoweredValue row = IntegerLayers.constant(node, "table", entries, NdType.INT32);
      return GatherLowering.chosen(node, row, indices, 0);
    }

    @Override
    public int rank() {
      return indices.rank();
    }

    @Override
    public void settle() throws NotNativeException {
      plain.lower(node);
    }
  }

  /**
   * Sums of two.
   *
   * @param plain how the node is lowered otherwise
   */
  record WholeSum(
      LoweringNode node,
      NodeLowering plain,
      WholeNumbers left,
      WholeNumbers right,
      IntegerRange range)
      implements WholeNumbers {
    @Override
    public LoweredValue integers() throws NotNativeException {
      return IntegerLayers.pair(
          node, "sum", IntegerOperation.ADD, left.integers(), right.integers(), NdType.INT32);
    }

    @Override
    public int rank() throws NotNativeException {
      return Math.max(left.rank(), right.rank());
    }

    @Override
    public void settle() throws NotNativeException {
      plain.lower(node);
    }
  }
}
