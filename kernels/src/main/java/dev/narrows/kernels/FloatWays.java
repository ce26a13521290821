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
    float[] weights, int terms, int chunk, boolean joined, int first, int step, Steps steps) {

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
    return new FloatWays(
        back ? weights.reversed() : weights.values(),
        terms,
        Math.max(1, size),
        joined,
        back ? (terms - 1) * Lanes.PANEL : 0,
        back ? -Lanes.PANEL : Lanes.PANEL,
        Steps.of(accumulator));
  }

  int chunks() {
    return (terms + chunk - 1) / chunk;
  }

  /**
   * Whether no product and no sum inside a chunk of this channel can be beyond its format's largest
   * value, whatever inputs of at most {@code largest} in magnitude come. (A join may.)
   *
   * <p>Rounding to nearest and both quantisers are odd and monotone, so by induction the register
   * stays within that of the worst case: inputs of ±{@code largest} with the signs of the weights.
   * This walks it; as such inputs may come, the answer is exact.
   *
   * @see "docs/accumulators.md, Where no clamp can fire"
   */
  boolean neverClamps(int channel, float largest) {
    if (farFromClamps(channel, largest)) {
      return true;
    }
    for (int from = 0; from < terms; from += chunk) {
      float reach = 0;
      for (int k = from; k < Math.min(terms, from + chunk); k++) {
        float product = Math.abs(weights[channel * terms + k]) * largest;
        float sum = steps.product.apply(product) + reach;
        if (steps.product.overflows(product) || steps.sum.overflows(sum)) {
          return false;
        }
        reach = steps.sum.apply(sum);
      }
    }
    return true;
  }

  /**
   * A quick sufficient condition: no chunk's Σ|w| · largest reaches half of the smaller of both
   * formats' largest values. Half, for each of its roundings multiplies the register by at most 1 +
   * 2^-24, and there are fewer than 2^23.
   */
  private boolean farFromClamps(int channel, float largest) {
    double limit = Math.min(steps.product.largest(), steps.sum.largest()) / 2.0;
    for (int from = 0; from < terms; from += chunk) {
      double sum = 0;
      for (int k = from; k < Math.min(terms, from + chunk); k++) {
        sum += Math.abs(weights[channel * terms + k]);
      }
      if (!(sum * largest <= limit)) {
        return false;
      }
    }
    return terms < 1 << 21;
  }
}
