package dev.narrows.kernels.lanes;

import dev.narrows.core.dot.SummationOrder;
import java.util.OptionalInt;

/**
 * How the kernels take the terms in an order. This is the one place where an order meets its fast
 * twin; an order without one is summed by core's reference, dot product by dot product.
 *
 * @see "docs/kernels.md, How a product finds its kernel"
 */
public sealed interface OrderPlan {
  /**
   * A sequence that the terms do not change.
   *
   * @param backwards from k = K−1 to 0
   * @param chunk terms of a chunk, each summed from zero; empty without chunks
   */
  record Fixed(boolean backwards, OptionalInt chunk) implements OrderPlan {}

  /** A sequence that depends on the terms. */
  sealed interface TermDependent extends OrderPlan {}

  /** A sequence that is found by sorting the terms beforehand. */
  sealed interface Sorting extends TermDependent {}

  /** Ascending |term|, ties by k. */
  record ByMagnitude() implements Sorting {}

  /**
   * The i-th most negative term meets the i-th most positive one, round after round.
   *
   * @param tile terms of a tile, each arranged by itself; empty for one tile of all terms
   * @param rounds at most; empty until no pair is left
   */
  record InPairs(OptionalInt tile, OptionalInt rounds) implements Sorting {}

  /** Always the next term of the sign that the register does not have. */
  record ByRegisterSign() implements TermDependent {}

  /** No fast twin. */
  record Reference() implements OrderPlan {}

  /** The plan of an order. */
  static OrderPlan of(SummationOrder order) {
    OptionalInt none = OptionalInt.empty();
    return switch (order) {
      case SummationOrder.Sequential s -> new Fixed(false, none);
      case SummationOrder.Reversed r -> new Fixed(true, none);
      case SummationOrder.Chunked chunked -> new Fixed(false, OptionalInt.of(chunked.size()));
      case SummationOrder.Promoted promoted -> new Fixed(false, OptionalInt.of(promoted.size()));
      case SummationOrder.Ascending a -> new ByMagnitude();
      case SummationOrder.Sorted(OptionalInt rounds) -> new InPairs(none, rounds);
      case SummationOrder.SortedTiles(int size, OptionalInt rounds) ->
          new InPairs(OptionalInt.of(size), rounds);
      case SummationOrder.SignDirected s -> new ByRegisterSign();
      default -> new Reference(); // right for every order: a fast twin is never owed
    };
  }
}
