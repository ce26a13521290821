package dev.narrows.network.pass;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.AveragePool;
import dev.narrows.network.DotLayer;
import dev.narrows.network.IntegerOperands;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The output channels of one layer that sums, as bounds see them: weights, [a, b] and preload under
 * the conventions of a register.
 *
 * @param storedOffset what to add to an input as the register sees it to get the stored code
 */
public record LayerChannels(Layer layer, List<DotChannel> channels, int storedOffset) {
  public LayerChannels {
    channels = List.copyOf(channels);
  }

  /**
   * The channels of a layer.
   *
   * @param layer dense, convolution or average pooling
   * @param register gives the conventions; its accumulator does not matter
   * @throws IllegalArgumentException if the layer sums nothing
   */
  public static LayerChannels of(
      Network network, InputRanges ranges, Layer layer, LayerRegister register) {
    int zero = network.tensor(layer.inputs().getFirst()).quantization().zeroPoint();
    boolean offset = register.zero() == ZeroPointConvention.OFFSET;
    List<DotChannel> channels =
        switch (layer) {
          case DotLayer dot ->
              channels(
                  dot.integers(), ranges.multiplied(network, dot, register.zero()), register, zero);
          case AveragePool pool -> {
            int[] ones = new int[pool.terms()];
            Arrays.fill(ones, 1);
            IntegerRange inputs = ranges.multiplied(network, pool, register.zero());
            long preload =
                !offset && register.bias() == BiasPlacement.PRELOAD
                    ? -(long) zero * ones.length
                    : 0;
            // all channels are the same, but each is counted
            yield Collections.nCopies(
                pool.output().channels(), new DotChannel(ones, inputs, preload));
          }
          default ->
              throw new IllegalArgumentException(layer.kind() + " layers have no dot products");
        };
    return new LayerChannels(layer, channels, offset ? zero : 0);
  }

  /** Width of the widest product that can occur in any channel. */
  public int termBits() {
    int bits = 1;
    for (DotChannel channel : channels) {
      for (int q : channel.weights()) {
        IntegerRange x = channel.inputs();
        bits = Math.max(bits, Math.max(Widths.of(q * x.min()), Widths.of(q * x.max())));
      }
    }
    return bits;
  }

  private static List<DotChannel> channels(
      IntegerOperands operands, IntegerRange inputs, LayerRegister register, int zero) {
    int terms = operands.weights().terms();
    int[] dense = operands.weights().dense();
    List<DotChannel> channels = new ArrayList<>();
    for (int c = 0; c < operands.weights().channels(); c++) {
      int[] weights = Arrays.copyOfRange(dense, c * terms, (c + 1) * terms);
      long preload = 0;
      if (register.bias() == BiasPlacement.PRELOAD) {
        long correction =
            register.zero() == ZeroPointConvention.RAW ? -zero * operands.weights().sum(c) : 0;
        preload = operands.bias()[c] + correction;
      }
      channels.add(new DotChannel(weights, inputs, preload));
    }
    return channels;
  }
}
