package dev.narrows.hardware.cost;

import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;

/**
 * A layer of dot products as a matrix-vector unit.
 *
 * @param positions matrix-vector products of an image
 */
public record LayerUnit(DotLayer layer, FinnUnit unit, int positions) {
  /**
   * The unit of a layer.
   *
   * @param register gives the conventions; its accumulator does not matter
   * @param pe wanted; the largest divisor of the channels that is not more is taken
   * @param simd wanted; the same of the terms
   */
  public static LayerUnit of(
      Network network,
      InputRanges ranges,
      DotLayer layer,
      LayerRegister register,
      int pe,
      int simd) {
    LayerChannels channels = LayerChannels.of(network, ranges, layer, register);
    IntegerRange inputs = ranges.multiplied(network, layer, register.zero());
    int rows = channels.channels().size();
    int columns = Math.max(1, layer.terms());
    int weightBits =
        channels.channels().stream().mapToInt(ChannelTerms::weightBits).max().orElse(1);
    return new LayerUnit(
        layer,
        new FinnUnit(
            rows,
            columns,
            FinnUnit.fold(rows, pe),
            FinnUnit.fold(columns, simd),
            weightBits,
            inputBits(inputs),
            outputBits(layer.requantization())),
        layer.output().positions());
  }

  /** The smallest type that holds what is multiplied: unsigned if nothing is below 0. */
  static int inputBits(IntegerRange inputs) {
    return inputs.min() >= 0
        ? Math.max(1, Widths.of(inputs.max()) - 1)
        : Widths.of(inputs.min(), inputs.max());
  }

  /** Bits of the codes; none where they are too many for thresholds. */
  private static int outputBits(Requantization requantization) {
    long codes = (long) requantization.max() - requantization.min();
    int bits = 64 - Long.numberOfLeadingZeros(codes);
    return bits > FinnUnit.MOST_OUTPUT_BITS ? 0 : bits;
  }

  /** Dot products of an image. */
  public long outputs() {
    return (long) unit.rows() * positions;
  }

  /** Multiplications of an image. */
  public long multiplications() {
    return outputs() * unit.columns();
  }
}
