package dev.narrows.network.pass;

import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.ProductChannel;
import dev.narrows.core.bound.StoredOffsets;
import dev.narrows.core.bound.TapPhases;
import dev.narrows.core.bound.TermBound;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The output channels of one layer that sums, as bounds see them: weights, [a, b] and preload under
 * the conventions of a register.
 *
 * @param stored what to add to operands as the register sees them to get the stored codes
 */
public record LayerChannels(Layer layer, List<ChannelTerms> channels, StoredOffsets stored) {
  public LayerChannels {
    channels = List.copyOf(channels);
  }

  /**
   * The channels of a layer.
   *
   * @param layer dense, convolution, average pooling, or a product of activations
   * @param register gives the conventions; its accumulator does not matter
   * @throws IllegalArgumentException if the layer sums nothing
   */
  public static LayerChannels of(
      Network network, InputRanges ranges, Layer layer, LayerRegister register) {
    if (!(layer instanceof SummingLayer sums)) {
      throw new IllegalArgumentException(layer.kind() + " layers have no dot products");
    }
    int zero = network.tensor(layer.inputs().getFirst()).quantization().zeroPoint();
    boolean offset = register.zero() == ZeroPointConvention.OFFSET;
    List<? extends ChannelTerms> channels =
        switch (sums) {
          case DotLayer dot ->
              channels(
                  dot.integers(),
                  ranges.multiplied(network, dot, register.zero()),
                  register,
                  zero,
                  dot instanceof TransposedConvolution transposed
                      ? StridePhases.of(transposed, offset ? 0 : zero)
                      : TapPhases.one());
          case AveragePool pool -> {
            int[] ones = new int[pool.terms()];
            Arrays.fill(ones, 1);
            IntegerRange inputs = ranges.multiplied(network, pool, register.zero());
            long preload =
                !offset && register.bias() == BiasPlacement.PRELOAD && !pool.inside()
                    ? -(long) zero * ones.length
                    : 0;
            // all channels are the same, but each is counted
            yield Collections.nCopies(
                pool.output().channels(), new DotChannel(ones, inputs, preload));
          }
          case IntegerMatMul product -> // what a head multiplies is not told apart
              Collections.nCopies(
                  product.heads(),
                  new ProductChannel(
                      product.terms(network.tensor(product.left())),
                      ranges.left(network, product, register.zero()),
                      ranges.right(network, product, register.zero())));
          case MatMul _ ->
              throw new FloatLayersException("a bound on sums of integers", List.of(layer.name()));
        };
    int right =
        layer instanceof IntegerMatMul product
            ? network.tensor(product.right()).quantization().zeroPoint()
            : 0;
    StoredOffsets stored = offset ? new StoredOffsets(zero, right) : StoredOffsets.of(0);
    return new LayerChannels(layer, List.copyOf(channels), stored);
  }

  /** Width of the widest product that can occur in any channel. */
  public int termBits() {
    int bits = 1;
    for (ChannelTerms channel : channels) {
      ChannelTerms products =
          channel instanceof DotChannel dots
              ? dots.withoutPreload() // a bias is no product
              : channel;
      bits = Math.max(bits, TermBound.of(products).bits());
    }
    return bits;
  }

  /** Width of the widest value that a register starts from; 1 where all start from zero. */
  public int preloadBits() {
    return channels.stream()
        .mapToInt(channel -> channel instanceof DotChannel dots ? Widths.of(dots.preload()) : 1)
        .max()
        .orElse(1);
  }

  private static List<DotChannel> channels(
      IntegerOperands operands,
      IntegerRange inputs,
      LayerRegister register,
      int zero,
      TapPhases phases) {
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
      channels.add(new DotChannel(weights, inputs, preload, phases));
    }
    return channels;
  }
}
