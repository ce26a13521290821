package dev.narrows.core.quantize;

import java.util.Arrays;

/**
 * Requantisation in integers, bit for bit as in TFLite: code = clamp(zeroPoint + sum · multiplier ·
 * 2^(shift − 31)) with the roundings of {@link FixedPoint#multiply}. A sum beyond 32 bits is first
 * clamped to them, as TFLite's accumulator holds no other.
 *
 * @param multipliers [C] or [1], each 0 … 2^31 − 1
 * @param shifts as many, each −31 … 30
 * @param zeroPoint added after the multiplication
 * @param min smallest code, fused activation included
 * @param max largest code
 */
public record FixedPointMultiplier(int[] multipliers, int[] shifts, int zeroPoint, int min, int max)
    implements Requantization {

  public FixedPointMultiplier {
    CodeLimits.requirePairs(multipliers, shifts);
    multipliers = multipliers.clone();
    shifts = shifts.clone();
    for (int c = 0; c < multipliers.length; c++) {
      FixedPoint.require("channel " + c + ": ", multipliers[c], shifts[c]);
    }
    CodeLimits.require(min, max);
  }

  /** One factor a channel (or one for all), normalised as TFLite does. */
  public static FixedPointMultiplier fromReals(double[] reals, int zeroPoint, int min, int max) {
    return of(
        Arrays.stream(reals).mapToObj(FixedPoint::fromReal).toArray(FixedPoint[]::new),
        zeroPoint,
        min,
        max);
  }

  /** One factor a channel (or one for all), in the form that rounds once where it can. */
  public static FixedPointMultiplier singleRounding(
      double[] reals, int zeroPoint, int min, int max) {
    return of(
        Arrays.stream(reals).mapToObj(FixedPoint::singleRounding).toArray(FixedPoint[]::new),
        zeroPoint,
        min,
        max);
  }

  /** One factor a channel (or one for all). */
  public static FixedPointMultiplier of(FixedPoint[] factors, int zeroPoint, int min, int max) {
    return new FixedPointMultiplier(
        Arrays.stream(factors).mapToInt(FixedPoint::multiplier).toArray(),
        Arrays.stream(factors).mapToInt(FixedPoint::shift).toArray(),
        zeroPoint,
        min,
        max);
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

  /** Multiplier and shift of a channel. */
  public FixedPoint factor(int channel) {
    int c = multipliers.length == 1 ? 0 : channel;
    return new FixedPoint(multipliers[c], shifts[c]);
  }

  /** The real number that a channel's multiplier and shift stand for; exact. */
  public double realMultiplier(int channel) {
    return factor(channel).real();
  }

  @Override
  public int apply(int channel, long sum) {
    int held = Math.clamp(sum, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return Math.clamp((long) factor(channel).multiply(held) + zeroPoint, min, max);
  }

  @Override
  public int channels() {
    return multipliers.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FixedPointMultiplier that
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
    return "FixedPointMultiplier[multipliers=%s, shifts=%s, zeroPoint=%d, min=%d, max=%d]"
        .formatted(Arrays.toString(multipliers), Arrays.toString(shifts), zeroPoint, min, max);
  }
}
