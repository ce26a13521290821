package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/**
 * Requantisation of 64-bit sums as TFLite has it for 16-bit activations: the multiplier of {@link
 * FixedPointMultiplier} rounded to 16 bits, so that its product with a sum of 48 bits fits 64, and
 * one rounding shift: code = clamp(zeroPoint + ⌊sum · multiplier · 2^(shift − 15) + 1/2⌋). What
 * leaves 32 bits after the shift wraps around, as in TFLite's reference kernels.
 *
 * <p>A sum beyond 48 bits is first clamped to them, where TFLite's C++ is undefined.
 *
 * @param multipliers [C] or [1], each 0 … 2^15 − 1
 * @param shifts as many, each −31 … 14: TFLite's kernels promise up to 7 and do as well up to 14
 * @param zeroPoint added after the multiplication
 * @param min smallest code, fused activation included
 * @param max largest code
 */
public record ShortMultiplier(int[] multipliers, int[] shifts, int zeroPoint, int min, int max)
    implements Requantization {
  private static final int MAX_SHIFT = 14;
  private static final long MAX_SUM = (1L << 47) - 1;
  private static final int LAST_ROUNDED = 0x7FFF0000; // from here on rounding would need 17 bits

  public ShortMultiplier {
    CodeLimits.requirePairs(multipliers, shifts);
    multipliers = multipliers.clone();
    shifts = shifts.clone();
    for (int c = 0; c < multipliers.length; c++) {
      if (multipliers[c] < 0 || multipliers[c] > Short.MAX_VALUE) {
        throw new IllegalArgumentException(
            "channel %d: multiplier must be in [0, 32767], got %d".formatted(c, multipliers[c]));
      }
      if (shifts[c] < FixedPoint.MIN_SHIFT || shifts[c] > MAX_SHIFT) {
        throw new IllegalArgumentException(
            "channel %d: shift must be in [-31, %d], got %d".formatted(c, MAX_SHIFT, shifts[c]));
      }
    }
    CodeLimits.require(min, max);
  }

  /** One factor a channel (or one for all): TFLite's 32-bit multipliers, reduced. */
  public static ShortMultiplier fromReals(double[] reals, int zeroPoint, int min, int max) {
    int[] multipliers = new int[reals.length];
    int[] shifts = new int[reals.length];
    for (int c = 0; c < reals.length; c++) {
      FixedPoint factor = FixedPoint.fromReal(reals[c]);
      multipliers[c] =
          factor.multiplier() < LAST_ROUNDED
              ? (factor.multiplier() + (1 << 15)) >> 16
              : Short.MAX_VALUE;
      shifts[c] = factor.shift();
    }
    return new ShortMultiplier(multipliers, shifts, zeroPoint, min, max);
  }

  /** A copy. */
  @Override
  public int[] multipliers() {
    return multipliers.clone();
  }

  /** A copy. */
  @Override
  public int[] shifts() {
    return shifts.clone();
  }

  @Override
  public int apply(int channel, long sum) {
    return Math.clamp((int) scaled(channel, sum) + zeroPoint, min, max);
  }

  private long scaled(int channel, long sum) {
    int c = multipliers.length == 1 ? 0 : channel;
    int right = 15 - shifts[c];
    long held = Math.clamp(sum, -MAX_SUM - 1, MAX_SUM);
    return (held * multipliers[c] + (1L << (right - 1))) >> right;
  }

  @Override
  public boolean monotone(int channel, IntegerRange sums) {
    return fits(scaled(channel, sums.min())) && fits(scaled(channel, sums.max()));
  }

  private boolean fits(long scaled) {
    return scaled == (int) scaled && scaled + zeroPoint == (int) (scaled + zeroPoint);
  }

  @Override
  public int channels() {
    return multipliers.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShortMultiplier that
        && Arrays.equals(multipliers, that.multipliers)
        && Arrays.equals(shifts, that.shifts)
        && zeroPoint == that.zeroPoint
        && min == that.min
        && max == that.max;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(multipliers) * 31 + Arrays.hashCode(shifts) + zeroPoint;
  }

  @Override
  public String toString() {
    return "ShortMultiplier[multipliers=%s, shifts=%s, zeroPoint=%d, min=%d, max=%d]"
        .formatted(Arrays.toString(multipliers), Arrays.toString(shifts), zeroPoint, min, max);
  }
}
