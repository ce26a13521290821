package dev.narrows.network;

import dev.narrows.core.dot.Summation;
import java.util.Arrays;
import java.util.Optional;

/**
 * Real weights and what is done to their sums in binary32: y = s + bias, then max(y, 0) if {@code
 * relu}. The sum s of the products is the accumulator's.
 *
 * @param bias per output channel; finite
 */
public record FloatOperands(
    RealWeights weights, float[] bias, boolean relu, Optional<Summation> pinned)
    implements Operands {
  public FloatOperands {
    Checks.require(
        bias.length == weights.channels(),
        "need %d bias values, got %d",
        weights.channels(),
        bias.length);
    Checks.finite("bias values", bias);
  }

  /** Operands without a register of their own. */
  public FloatOperands(RealWeights weights, float[] bias, boolean relu) {
    this(weights, bias, relu, Optional.empty());
  }

  @Override
  public int channels() {
    return weights.channels();
  }

  @Override
  public int terms() {
    return weights.terms();
  }

  @Override
  public FloatOperands pinnedTo(Summation summation) {
    return new FloatOperands(weights, bias, relu, Optional.of(summation));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatOperands that
        && weights.equals(that.weights)
        && Arrays.equals(bias, that.bias)
        && relu == that.relu
        && pinned.equals(that.pinned);
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + Arrays.hashCode(bias);
  }
}
