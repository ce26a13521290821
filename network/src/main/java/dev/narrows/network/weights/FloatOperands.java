package dev.narrows.network.weights;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.check.Checks;
import java.util.Arrays;
import java.util.Optional;

/**
 * Real weights and what is done to their sums in binary32, each operation rounded: y = s·scale +
 * bias, then max(y, 0) if {@code relu}. The sum s of the products is the accumulator's; a scale is
 * where a batch norm goes that is not folded into the weights.
 *
 * @param scale per output channel, or empty for 1; finite
 * @param bias per output channel; finite
 */
public record FloatOperands(
    FloatDotWeights weights, float[] scale, float[] bias, boolean relu, Optional<Summation> pinned)
    implements Operands {
  public FloatOperands {
    Checks.require(
        bias.length == weights.channels(),
        "need %d bias values, got %d",
        weights.channels(),
        bias.length);
    Checks.require(
        scale.length == 0 || scale.length == bias.length,
        "need %d scales or none, got %d",
        bias.length,
        scale.length);
    Checks.finite("bias values", bias);
    Checks.finite("scales", scale);
  }

  /** Operands without scales and without a register of their own. */
  public FloatOperands(FloatDotWeights weights, float[] bias, boolean relu) {
    this(weights, new float[0], bias, relu, Optional.empty());
  }

  /** What becomes of a sum of output channel {@code channel}. */
  public float finish(int channel, float sum) {
    float scaled = scale.length == 0 ? sum : sum * scale[channel];
    float y = scaled + bias[channel];
    return relu && !(y > 0) ? 0 : y;
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
    return new FloatOperands(weights, scale, bias, relu, Optional.of(summation));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatOperands that
        && weights.equals(that.weights)
        && Arrays.equals(scale, that.scale)
        && Arrays.equals(bias, that.bias)
        && relu == that.relu
        && pinned.equals(that.pinned);
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + Arrays.hashCode(bias);
  }
}
