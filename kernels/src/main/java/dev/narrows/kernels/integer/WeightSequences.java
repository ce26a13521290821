package dev.narrows.kernels.integer;

import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

/** The weights of a product in every sequence that was asked for so far. Thread-safe. */
public final class WeightSequences {
  private final SparseWeights weights;
  private final WeightSequence sequential;
  private final int[] channels;
  private final ConcurrentMap<Integer, WeightSequence> parts = new ConcurrentHashMap<>();
  private final ConcurrentMap<Boolean, WeightSequence> backwards = new ConcurrentHashMap<>();

  /** The sequences of these weights. */
  public WeightSequences(SparseWeights weights) {
    this.weights = weights;
    this.sequential = WeightSequence.sequential(weights);
    this.channels = IntStream.range(0, weights.channels()).toArray();
  }

  /** The weights as they were given. */
  public SparseWeights weights() {
    return weights;
  }

  /** All channels; not to be changed. */
  public int[] channels() {
    return channels;
  }

  /** In index order, in one part. */
  public WeightSequence sequential() {
    return sequential;
  }

  /** In index order, in parts of {@code size} terms. */
  public WeightSequence parts(int size) {
    return parts.computeIfAbsent(size, s -> WeightSequence.parts(weights, s));
  }

  /** In the order's own sequence; in index order where that depends on the terms. */
  public WeightSequence rows(SummationOrder order) {
    return switch (OrderPlan.of(order)) {
      case OrderPlan.Fixed fixed when fixed.backwards() ->
          backwards.computeIfAbsent(true, b -> WeightSequence.reversed(weights));
      case OrderPlan.Fixed fixed when fixed.chunk().isPresent() -> parts(fixed.chunk().getAsInt());
      case OrderPlan.Fixed fixed -> sequential;
      case OrderPlan.TermDependent t -> sequential;
      case OrderPlan.Reference r -> sequential;
    };
  }
}
