package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;

/**
 * The way from the sum of a dot product back to a stored output code, one multiplier (or list of
 * thresholds) a layer or one a channel. Every form is a non-decreasing function of the sum, except
 * where TFLite's forms wrap around at 32 bits.
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

  /**
   * A range that holds the codes of all sums in {@code sums}: the codes at its ends, as no sum
   * inside leaves them where the map is monotone; [min(), max()] if it wraps around there.
   */
  default IntegerRange range(int channel, IntegerRange sums) {
    return monotone(channel, sums)
        ? new IntegerRange(apply(channel, sums.min()), apply(channel, sums.max()))
        : new IntegerRange(min(), max());
  }

  /** Whether the codes of a range of sums never fall, as nothing in it wraps around. */
  default boolean monotone(int channel, IntegerRange sums) {
    return true;
  }
}
