package dev.narrows.kernels;

import dev.narrows.core.dot.SummationOrder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

/** The weights of a product in every sequence that was asked for so far. Thread-safe. */
final class Feeds {
  private final Weights weights;
  private final Rows sequential;
  private final int[] channels;
  private final ConcurrentMap<SummationOrder, Rows> others = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Rows> parts = new ConcurrentHashMap<>();

  Feeds(Weights weights) {
    this.weights = weights;
    this.sequential = Rows.sequential(weights);
    this.channels = IntStream.range(0, weights.channels()).toArray();
  }

  Weights weights() {
    return weights;
  }

  /** All channels; not to be changed. */
  int[] channels() {
    return channels;
  }

  /** In index order, in one part. */
  Rows sequential() {
    return sequential;
  }

  /** In index order, in parts of {@code size} terms. */
  Rows parts(int size) {
    return parts.computeIfAbsent(size, s -> Rows.parts(weights, s));
  }

  /** In the order's own sequence; in index order where that depends on the inputs. */
  Rows rows(SummationOrder order) {
    return switch (order) {
      case SummationOrder.Reversed r -> others.computeIfAbsent(order, o -> Rows.reversed(weights));
      case SummationOrder.Chunked c -> parts(c.size());
      case SummationOrder.Sequential s -> sequential;
      case SummationOrder.Ascending a -> sequential;
      case SummationOrder.Sorted s -> sequential;
      case SummationOrder.SortedTiles t -> sequential;
      case SummationOrder.SignDirected s -> sequential;
    };
  }
}
