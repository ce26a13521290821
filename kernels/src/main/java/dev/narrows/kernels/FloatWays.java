package dev.narrows.kernels;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Truncation;

/**
 * How a channel's terms are walked: k from 0 or from the end, in chunks; a register without chunks
 * is one chunk of all terms, whose join with a total of zero changes nothing and is no event.
 *
 * @param weights [channels][K] in the sequence of the walk
 * @param chunk terms of a chunk, at least 1
 * @param joined whether joins are steps
 * @param first where the first term's row begins in a panel
 * @param step from a term's row to the next one's
 */
record FloatWays(
    float[] weights,
    int terms,
    int chunk,
    boolean joined,
    int first,
    int step,
    Steps steps,
    ClampLimits limits) {

  /** The quantisers, as bits of binary32 too. */
  record Steps(Truncation product, Truncation sum) {
    static Steps of(FloatingAccumulator accumulator) {
      return new Steps(accumulator.productTruncation(), accumulator.sumTruncation());
    }

    /** Sign, exponent and m mantissa bits. */
    int productKept() {
      return product.keptBits();
    }

    /** One less than the smallest magnitude kept. */
    int productBelow() {
      return Float.floatToRawIntBits(product.least()) - 1;
    }

    /** The largest magnitude. */
    int productMost() {
      return Float.floatToRawIntBits(product.largest());
    }

    int sumKept() {
      return sum.keptBits();
    }

    int sumBelow() {
      return Float.floatToRawIntBits(sum.least()) - 1;
    }

    int sumMost() {
      return Float.floatToRawIntBits(sum.largest());
    }
  }

  /** Whether the order is one that the tiles can walk. */
  static boolean possible(SummationOrder order) {
    return switch (order) {
      case SummationOrder.Sequential s -> true;
      case SummationOrder.Reversed r -> true;
      case SummationOrder.Chunked c -> true;
      case SummationOrder.Ascending a -> false;
      case SummationOrder.Sorted s -> false;
      case SummationOrder.SortedTiles t -> false;
      case SummationOrder.SignDirected s -> false;
    };
  }

  static FloatWays of(FloatWeights weights, FloatingAccumulator accumulator, SummationOrder order) {
    int terms = weights.terms();
    boolean back = order instanceof SummationOrder.Reversed;
    boolean joined = order instanceof SummationOrder.Chunked;
    int size = order instanceof SummationOrder.Chunked c ? Math.min(c.size(), terms) : terms;
    int chunk = Math.max(1, size);
    float[] values = back ? weights.reversed() : weights.values();
    Steps steps = Steps.of(accumulator);
    return new FloatWays(
        values,
        terms,
        chunk,
        joined,
        back ? (terms - 1) * Lanes.PANEL : 0,
        back ? -Lanes.PANEL : Lanes.PANEL,
        steps,
        new ClampLimits(values, weights.channels(), terms, chunk, steps));
  }

  int chunks() {
    return (terms + chunk - 1) / chunk;
  }

  /** {@link ClampLimits#never}. */
  boolean neverClamps(int channel, float largest) {
    return limits.never(channel, largest);
  }
}
