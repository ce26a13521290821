package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;

/**
 * The way from the sum of a dot product back to a stored output code, one multiplier (or list of
 * thresholds) a layer or one a channel. Every form is a non-decreasing function of the sum.
 */
public sealed interface Requantization
    permits FixedPointMultiplier,
        ShortMultiplier,
        FloatScale,
        DoubleScale,
        Thresholds,
        IntegerMean {
  /**
   * The stored code of {@code sum} in {@code [min(), max()]}.
   *
   * @param channel output channel; ignored when there is one entry for the whole layer
   */
  int apply(int channel, long sum);

  /** The number of entries: 1 for the whole layer, else one for each output channel. */
  int channels();

  /** No output code is smaller. */
  int min();

  /** No output code is larger. */
  int max();

  /** The codes at the ends of {@code sums}; as the map is monotone, no sum inside leaves them. */
  default IntegerRange range(int channel, IntegerRange sums) {
    return new IntegerRange(apply(channel, sums.min()), apply(channel, sums.max()));
  }
}
