package dev.narrows.network.weights;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.check.Checks;
import java.util.Arrays;
import java.util.Optional;

/**
 * Integer weights, and how their sums become the output's codes.
 *
 * @param bias per output channel, in units of input scale · weight scale
 * @param requantization from the sum, bias included, to the output's code, per output channel
 * @param zero the file's own convention; a run may ask for the other
 * @param biasPlacement the file's own placement; a run may ask for the other
 * @param pinned the register this layer always runs in, whatever a run asks for, unless the run
 *     names the layer; reported as such. What it states of zero point and bias are the layer's own
 *     conventions then
 */
public record IntegerOperands(
    DotWeights weights,
    int[] bias,
    Requantization requantization,
    ZeroPointConvention zero,
    BiasPlacement biasPlacement,
    Optional<Summation> pinned)
    implements Operands {
  public IntegerOperands {
    Checks.require(
        bias.length == weights.channels(),
        "need %d bias values, got %d",
        weights.channels(),
        bias.length);
  }

  /** Our own networks' conventions: offset-in, bias added afterwards, no register of its own. */
  public IntegerOperands(DotWeights weights, int[] bias, Requantization requantization) {
    this(
        weights,
        bias,
        requantization,
        ZeroPointConvention.OFFSET,
        BiasPlacement.AFTER,
        Optional.empty());
  }

  /** The convention of the layer's register: what a pinned one states, else the file's own. */
  public ZeroPointConvention registerZero() {
    return pinned.flatMap(Summation::zero).orElse(zero);
  }

  /** The placement of the layer's register: what a pinned one states, else the file's own. */
  public BiasPlacement registerBias() {
    return pinned.flatMap(Summation::bias).orElse(biasPlacement);
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
  public IntegerOperands pinnedTo(Summation summation) {
    return new IntegerOperands(
        weights, bias, requantization, zero, biasPlacement, Optional.of(summation));
  }

  /** The same operands with other weights of the same shape. */
  public IntegerOperands withWeights(DotWeights other) {
    return new IntegerOperands(other, bias, requantization, zero, biasPlacement, pinned);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntegerOperands that
        && weights.equals(that.weights)
        && Arrays.equals(bias, that.bias)
        && requantization.equals(that.requantization)
        && zero == that.zero
        && biasPlacement == that.biasPlacement
        && pinned.equals(that.pinned);
  }

  @Override
  public int hashCode() {
    return 31 * weights.hashCode() + Arrays.hashCode(bias);
  }
}
