package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import java.util.function.LongToIntFunction;

/** A non-decreasing map from sums to codes, as thresholds. */
final class ThresholdRows {
  private ThresholdRows() {}

  /**
   * For each code above {@code min} the least sum that reaches it, so that code = min + number of
   * thresholds ≤ sum, for every sum in {@code sums}. Exact for any non-decreasing map, however it
   * rounds. What no sum reaches stands just above them all.
   *
   * @param codes the map; its values on {@code sums} must lie in [min, max]
   * @return [max − min], ascending, each in [sums.min, sums.max + 1]
   */
  static long[] of(LongToIntFunction codes, IntegerRange sums, int min, int max) {
    long[] thresholds = new long[max - min];
    long low = sums.min();
    for (int i = 0; i < thresholds.length; i++) {
      int wanted = min + 1 + i;
      long high = sums.max() + 1;
      while (low
          < high) { // the least sum in [low, high] that reaches the code; high stands for none
        long middle = low + (high - low) / 2;
        if (codes.applyAsInt(middle) >= wanted) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      thresholds[i] = low;
    }
    return thresholds;
  }
}
