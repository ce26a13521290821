package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.Arrays;

/**
 * What is known of the dot products of one output channel before any input is seen.
 *
 * @param weights q, [K] in flattening order, as the register sees them; shared, not copied
 * @param inputs [a, b], the range of every x; what padding contributes lies in it too
 * @param preload the bias loaded into the register before the first term; 0 when the bias is added
 *     afterwards
 * @param phases which terms meet inputs together
 */
public record DotChannel(int[] weights, IntegerRange inputs, long preload, TapPhases phases)
    implements ChannelTerms {
  public DotChannel {
    int phased = phases.of().length;
    if (phased > 0 && (phased != weights.length || !inputs.contains(phases.rest()))) {
      throw new IllegalArgumentException(
          "%d terms of inputs %s with %d phased ones, at rest %d"
              .formatted(weights.length, inputs, phased, phases.rest()));
    }
  }

  /** A channel whose terms all meet inputs. */
  public DotChannel(int[] weights, IntegerRange inputs, long preload) {
    this(weights, inputs, preload, TapPhases.one());
  }

  /** A channel whose bias, if any, is added afterwards. */
  public DotChannel(int[] weights, IntegerRange inputs) {
    this(weights, inputs, 0);
  }

  @Override
  public int terms() {
    return weights.length;
  }

  /** ‖q‖₁ = Σ|q|. */
  @Override
  public long norm() {
    return Arrays.stream(weights).mapToLong(q -> Math.abs((long) q)).sum();
  }

  /** The same channel whose bias is added afterwards. */
  public DotChannel withoutPreload() {
    return new DotChannel(weights, inputs, 0, phases);
  }

  /** Σq. */
  public long sum() {
    return Arrays.stream(weights).asLongStream().sum();
  }

  /** W: the width of the smallest signed type that holds every weight; 1 when there is none. */
  @Override
  public int weightBits() {
    int bits = 1;
    for (int q : weights) {
      bits = Math.max(bits, Widths.of(q));
    }
    return bits;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotChannel that
        && Arrays.equals(weights, that.weights)
        && inputs.equals(that.inputs)
        && preload == that.preload
        && phases.equals(that.phases);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights) * 31 + inputs.hashCode();
  }

  @Override
  public String toString() {
    return "DotChannel[K=%d, inputs=%s, preload=%d]".formatted(terms(), inputs, preload);
  }
}
