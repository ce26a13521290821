package dev.narrows.repair.channel;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;
import java.util.List;

/**
 * A channel to be repaired.
 *
 * @param given w, the real weights it has, [K] in flattening order
 * @param target w*, the weights that make the original's sums from the repaired inputs, [K]; the
 *     given ones where nothing before the channel changed
 * @param scales its scales
 * @param codes the integers that a weight may be
 * @param inputs [a, b], all that the register can be given
 * @param limits all to be obeyed
 * @param preload what a register begins with
 */
public record ChannelTask(
    double[] given,
    double[] target,
    ScaleChoice scales,
    IntegerRange codes,
    IntegerRange inputs,
    List<SumLimit> limits,
    Preload preload) {
  /** Copies the list. */
  public ChannelTask {
    limits = List.copyOf(limits);
    if (given.length != target.length || codes.min() > 0 || codes.max() < 0) {
      throw new IllegalArgumentException(
          "%d weights, %d targets, integers %s".formatted(given.length, target.length, codes));
    }
  }

  /** Whether no input can overflow a register that multiplies these weights. */
  public boolean safe(int[] weights, double scale) {
    long preloaded = preload.of(weights, scale);
    return limits.stream().allMatch(limit -> limit.holds(weights, inputs, preloaded));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelTask that
        && Arrays.equals(given, that.given)
        && Arrays.equals(target, that.target)
        && scales.equals(that.scales)
        && codes.equals(that.codes)
        && inputs.equals(that.inputs)
        && limits.equals(that.limits)
        && preload.equals(that.preload);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(given) * 31 + limits.hashCode();
  }
}
