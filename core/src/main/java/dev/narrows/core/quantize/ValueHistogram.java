package dev.narrows.core.quantize;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Counts of values in bins whose width is a power of two. When a value lies outside, the width
 * doubles and neighbours merge; as ⌊⌊v/w⌋/2⌋ = ⌊v/2w⌋, the counts end up the same as if the final
 * width had been known from the start.
 */
final class ValueHistogram {
  private static final int HALF = 2048; // bins on each side of 0

  private final long[] counts = new long[2 * HALF]; // bin i covers [(i − HALF)·w, (i − HALF + 1)·w)
  private int exponent = Integer.MIN_VALUE; // w = 2^exponent; unset while only zeros were seen
  private long zeros; // apart, so that exact zeros stay exact
  private long total;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  void add(float[] values) {
    double absMax = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "value %d must be finite, got %s".formatted(i, values[i]));
      }
      absMax = Math.max(absMax, Math.abs(values[i]));
    }
    if (absMax > 0) {
      // 2^getExponent ≤ absMax < 2^(getExponent + 1) = HALF·w
      widen(Math.getExponent(absMax) + 1 - Integer.numberOfTrailingZeros(HALF));
    }
    for (float value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (value == 0) {
        zeros++;
      } else {
        counts[HALF + (int) Math.floor(Math.scalb((double) value, -exponent))]++;
      }
    }
    total += values.length;
  }

  private void widen(int needed) {
    if (exponent == Integer.MIN_VALUE) {
      exponent = needed;
    }
    while (exponent < needed) {
      long[] merged = new long[counts.length];
      for (int i = 0; i < counts.length; i++) {
        merged[HALF + Math.floorDiv(i - HALF, 2)] += counts[i];
      }
      System.arraycopy(merged, 0, counts, 0, counts.length);
      exponent++;
    }
  }

  ValueRange range() {
    return total == 0 ? ValueRange.ZERO : new ValueRange(min, max);
  }

  /** The range left when {@code percent} % of all values are dropped at either end. */
  ValueRange without(BigDecimal percent) {
    long drop =
        percent
            .multiply(BigDecimal.valueOf(total))
            .movePointLeft(2)
            .setScale(0, RoundingMode.FLOOR)
            .longValueExact();
    if (drop == 0) {
      return range();
    }
    int low = 0;
    for (long dropped = at(0); dropped <= drop; dropped += at(low)) {
      low++;
    }
    int high = counts.length - 1;
    for (long dropped = at(high); dropped <= drop; dropped += at(high)) {
      high--;
    }
    // a bin of nothing but zeros is the value 0, not its whole width
    double from = low == HALF && counts[HALF] == 0 ? 0 : edge(low);
    double to = high == HALF && counts[HALF] == 0 ? 0 : edge(high + 1);
    return new ValueRange(Math.max(min, from), Math.min(max, to));
  }

  /** The values in a bin; the zeros are in that which begins at 0. */
  private long at(int bin) {
    return counts[bin] + (bin == HALF ? zeros : 0);
  }

  private double edge(int bin) {
    return exponent == Integer.MIN_VALUE ? 0 : Math.scalb((double) (bin - HALF), exponent);
  }

  /** Σ (value − its code's value)², each value taken as the middle of its bin. */
  double squaredError(Quantization quantization) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        double value = (edge(i) + edge(i + 1)) / 2;
        double error = value - quantization.dequantize(quantization.quantize(value));
        sum += counts[i] * error * error;
      }
    }
    return sum;
  }
}
