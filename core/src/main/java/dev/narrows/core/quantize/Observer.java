package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerFormat;
import java.math.BigDecimal;

/**
 * Watches the values of a tensor and proposes the range to quantise. What it proposes depends on
 * the values seen, not on their order or on how they were cut into batches. Not thread-safe.
 */
public sealed interface Observer {
  /**
   * Takes note of more values.
   *
   * @throws IllegalArgumentException naming the first value that is not finite; none is counted
   *     then
   */
  void observe(float[] values);

  /** The range so far; {@link ValueRange#ZERO} before the first value. */
  ValueRange range();

  /** From the smallest to the largest value. */
  static Observer minMax() {
    return new MinMax();
  }

  /**
   * Leaves out (100 − percentile) % of the values at either end, up to the width of a histogram bin
   * (at most 1/1024 of the largest magnitude).
   *
   * @param percentile above 50, at most 100
   */
  static Observer percentile(double percentile) {
    return new Percentile(percentile);
  }

  /**
   * Of a hundred ranges between nothing and [min, max] the one whose codes in {@code format} have
   * the least mean squared error.
   */
  static Observer meanSquaredError(IntegerFormat format) {
    return new MeanSquaredError(format);
  }

  /** See {@link #minMax}. */
  final class MinMax implements Observer {
    private final ValueHistogram seen = new ValueHistogram();

    private MinMax() {}

    @Override
    public void observe(float[] values) {
      seen.add(values);
    }

    @Override
    public ValueRange range() {
      return seen.range();
    }
  }

  /** See {@link #percentile}. */
  final class Percentile implements Observer {
    private final ValueHistogram seen = new ValueHistogram();
    private final double percentile;

    private Percentile(double percentile) {
      if (!(percentile > 50 && percentile <= 100)) {
        throw new IllegalArgumentException("percentile must be in (50, 100], got " + percentile);
      }
      this.percentile = percentile;
    }

    @Override
    public void observe(float[] values) {
      seen.add(values);
    }

    @Override
    public ValueRange range() {
      // in decimal: 100 − 99.9 is 0.1 there, and a thousand values lose one
      return seen.without(BigDecimal.valueOf(100).subtract(BigDecimal.valueOf(percentile)));
    }
  }

  /** See {@link #meanSquaredError}. */
  final class MeanSquaredError implements Observer {
    private static final int CANDIDATES = 100;

    private final ValueHistogram seen = new ValueHistogram();
    private final IntegerFormat format;

    private MeanSquaredError(IntegerFormat format) {
      this.format = format;
    }

    @Override
    public void observe(float[] values) {
      seen.add(values);
    }

    @Override
    public ValueRange range() {
      ValueRange whole = seen.range();
      ValueRange best = whole;
      double least = Double.POSITIVE_INFINITY;
      for (int candidate = CANDIDATES; candidate > 0; candidate--) {
        double share = (double) candidate / CANDIDATES;
        ValueRange range = new ValueRange(whole.min() * share, whole.max() * share);
        double error = seen.squaredError(Quantizers.affine(range, format));
        if (error < least) { // of equals the widest
          least = error;
          best = range;
        }
      }
      return best;
    }
  }
}
