package dev.narrows.network;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.quantize.Requantization;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the dot products of a layer multiply with and what becomes of their sums.
 *
 * @param bias per output channel, in units of input scale · weight scale
 * @param requantization from the sum, bias included, to the output's code, per output channel
 * @param zero the file's own convention; a run may ask for the other
 * @param biasPlacement the file's own placement; a run may ask for the other
 * @param pinned the register this layer always runs in, whatever a run asks for, unless the run
 *     names the layer; reported as such
 */
public record Operands(
    DotWeights weights,
    int[] bias,
    Requantization requantization,
    ZeroPointConvention zero,
    BiasPlacement biasPlacement,
    Optional<Summation> pinned) {
  public Operands {
    Checks.require(
        bias.length == weights.channels(),
        "need %d bias values, got %d",
        weights.channels(),
        bias.length);
  }

  /** Our own networks' conventions: offset-in, bias added afterwards, no register of its own. */
  public Operands(DotWeights weights, int[] bias, Requantization requantization) {
    this(
        weights,
        bias,
        requantization,
        ZeroPointConvention.OFFSET,
        BiasPlacement.AFTER,
        Optional.empty());
  }

  /** The same operands in a register that no run changes unless it names the layer. */
  public Operands pinnedTo(Summation summation) {
    return new Operands(weights, bias, requantization, zero, biasPlacement, Optional.of(summation));
  }

  /** The same operands with other weights of the same shape. */
  public Operands withWeights(DotWeights other) {
    return new Operands(other, bias, requantization, zero, biasPlacement, pinned);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Operands that
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
