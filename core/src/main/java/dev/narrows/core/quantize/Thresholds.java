package dev.narrows.core.quantize;

import java.util.Arrays;

/**
 * Requantisation by comparison, as in FINN and QONNX ({@code MultiThreshold}): code = offset + the
 * number of thresholds ≤ sum.
 *
 * @param thresholds [C][n] or [1][n], each row ascending, equal neighbours allowed; n may be 0
 * @param offset the code of a sum below every threshold
 */
public record Thresholds(long[][] thresholds, int offset) implements Requantization {
  public Thresholds {
    if (thresholds.length == 0) {
      throw new IllegalArgumentException("need at least one row of thresholds");
    }
    thresholds = copy(thresholds);
    for (int c = 0; c < thresholds.length; c++) {
      if (thresholds[c].length != thresholds[0].length) {
        throw new IllegalArgumentException(
            "channel %d has %d thresholds, channel 0 has %d"
                .formatted(c, thresholds[c].length, thresholds[0].length));
      }
      for (int i = 1; i < thresholds[c].length; i++) {
        if (thresholds[c][i] < thresholds[c][i - 1]) {
          throw new IllegalArgumentException(
              "channel %d: thresholds must ascend, but number %d is %d after %d"
                  .formatted(c, i, thresholds[c][i], thresholds[c][i - 1]));
        }
      }
    }
    Math.addExact(offset, thresholds[0].length); // the largest code is an int
  }

  /** A copy. */
  @Override
  public long[][] thresholds() {
    return copy(thresholds);
  }

  @Override
  public int apply(int channel, long sum) {
    long[] row = thresholds[thresholds.length == 1 ? 0 : channel];
    int low = 0; // row[0 … low) ≤ sum < row[high …)
    int high = row.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (row[middle] <= sum) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return offset + low;
  }

  @Override
  public int channels() {
    return thresholds.length;
  }

  @Override
  public int min() {
    return offset;
  }

  @Override
  public int max() {
    return offset + thresholds[0].length;
  }

  private static long[][] copy(long[][] rows) {
    return Arrays.stream(rows).map(long[]::clone).toArray(long[][]::new);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Thresholds that
        && Arrays.deepEquals(thresholds, that.thresholds)
        && offset == that.offset;
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(thresholds) * 31 + offset;
  }

  @Override
  public String toString() {
    return "Thresholds[thresholds=%s, offset=%d]"
        .formatted(Arrays.deepToString(thresholds), offset);
  }
}
