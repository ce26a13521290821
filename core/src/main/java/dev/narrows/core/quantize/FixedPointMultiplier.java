package dev.narrows.core.quantize;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Requantisation in integers, bit for bit as in TFLite: code = clamp(zeroPoint + sum · multiplier ·
 * 2^(shift − 31)) with the roundings of {@link FixedPoint#code}, which wraps around where TFLite
 * does. A sum beyond 32 bits is first clamped to them, as TFLite's accumulator holds no other.
 *
 * @param factors one a channel, or one for all
 * @param zeroPoint added after the multiplication
 * @param min smallest code, fused activation included
 * @param max largest code
 */
public record FixedPointMultiplier(List<FixedPoint> factors, int zeroPoint, int min, int max)
    implements Requantization {

  public FixedPointMultiplier {
    factors = List.copyOf(factors);
    if (factors.isEmpty()) {
      throw new IllegalArgumentException("need at least one factor");
    }
    CodeLimits.require(min, max);
  }

  /**
   * From the two integers of each factor, as files have them.
   *
   * @param multipliers [C] or [1], each 0 … 2^31 − 1
   * @param shifts as many, each −31 … 30
   */
  public FixedPointMultiplier(int[] multipliers, int[] shifts, int zeroPoint, int min, int max) {
    this(factors(multipliers, shifts), zeroPoint, min, max);
  }

  private static List<FixedPoint> factors(int[] multipliers, int[] shifts) {
    CodeLimits.requirePairs(multipliers, shifts);
    return IntStream.range(0, multipliers.length)
        .mapToObj(c -> FixedPoint.of("channel " + c + ": ", multipliers[c], shifts[c]))
        .toList();
  }

  /** One factor a channel (or one for all), normalised as TFLite does. */
  public static FixedPointMultiplier fromReals(double[] reals, int zeroPoint, int min, int max) {
    return new FixedPointMultiplier(
        Arrays.stream(reals).mapToObj(FixedPoint::fromReal).toList(), zeroPoint, min, max);
  }

  /** One factor a channel (or one for all), in the form that rounds once where it can. */
  public static FixedPointMultiplier singleRounding(
      double[] reals, int zeroPoint, int min, int max) {
    return new FixedPointMultiplier(
        Arrays.stream(reals).mapToObj(FixedPoint::singleRounding).toList(), zeroPoint, min, max);
  }

  /** Of each factor, the multiplier. */
  public int[] multipliers() {
    return factors.stream().mapToInt(FixedPoint::multiplier).toArray();
  }

  /** Of each factor, the shift. */
  public int[] shifts() {
    return factors.stream().mapToInt(FixedPoint::shift).toArray();
  }

  /** Multiplier and shift of a channel. */
  public FixedPoint factor(int channel) {
    return factors.get(factors.size() == 1 ? 0 : channel);
  }

  /** The real number that a channel's multiplier and shift stand for; exact. */
  public double realMultiplier(int channel) {
    return factor(channel).real();
  }

  @Override
  public int apply(int channel, long sum) {
    return factor(channel).code(held(sum), zeroPoint, min, max);
  }

  private static int held(long sum) {
    return Math.clamp(sum, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public boolean monotone(int channel, IntegerRange sums) {
    IntegerRange values = new IntegerRange(held(sums.min()), held(sums.max()));
    return factor(channel).monotone(values, zeroPoint, min, max);
  }

  @Override
  public int channels() {
    return factors.size();
  }
}
