package dev.narrows.repair.channel;

import java.util.Arrays;

/**
 * Integers and a scale under a guarantee.
 *
 * @param weights q, [K]
 * @param scale s
 * @param error (s·q − w*)ᵀ C (s·q − w*), in squared real units of the sum
 * @param how what gave the least error of what was allowed
 */
public record RepairedChannel(int[] weights, double scale, double error, Means how) {
  /** What made a channel safe. */
  public enum Means {
    /** It was safe as it stood: its integers and its scale stay. */
    KEPT,
    /** A larger scale and rounding to nearest. */
    GROWTH,
    /** A threshold for each sign, then rounding to nearest. */
    THRESHOLD,
    /** Error feedback within the budget. */
    FEEDBACK,
    /** Steps from what the others gave, each of which made the error smaller. */
    SEARCH,
    /** Every integer is 0: nothing else that was tried obeys the limits. */
    ZERO,
    /** Not even zeros obey the limits, since the bias alone leaves a register. Not safe. */
    IMPOSSIBLE
  }

  /** Whether no input can overflow a register. */
  public boolean isSafe() {
    return how != Means.IMPOSSIBLE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RepairedChannel that
        && Arrays.equals(weights, that.weights)
        && scale == that.scale
        && error == that.error
        && how == that.how;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights) * 31 + how.hashCode();
  }
}
