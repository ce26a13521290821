package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * One layer of dot products (or sums) and what its register needs.
 *
 * @param name of the layer
 * @param kind conv2d, depthwiseConv2d, transposeConv2d, dense, matmul or averagePool
 * @param terms K: how many products one sum adds
 * @param channels output channels
 * @param weightBits W, the bits of the smallest type that holds the weights
 * @param inputRange [a, b]: the least and the greatest input that is multiplied
 * @param bounds of its channel with the widest sums
 * @param termBits bits of the widest product that can occur: below them no order helps
 * @param accumulator the register this layer runs in, in text form
 * @param runtimeRegister what the runtime that the file was made for sums in, where that is known
 * @param optimizedRegister what its optimised kernels sum in, if that is another register
 * @param channelBounds {@code signSum} of each channel, in bits; absent in results of older
 *     versions, unless it was asked for
 * @param profile what the data need; absent without data
 */
public record LayerAnalysis(
    String name,
    String kind,
    int terms,
    int channels,
    int weightBits,
    List<Long> inputRange,
    LayerWidths bounds,
    int termBits,
    String accumulator,
    Optional<String> runtimeRegister,
    Optional<String> optimizedRegister,
    Optional<List<Integer>> channelBounds,
    Optional<LayerOverflows> profile) {
  /** Copies the lists. */
  public LayerAnalysis {
    inputRange = List.copyOf(inputRange);
    channelBounds = channelBounds.map(List::copyOf);
  }

  /** The same with another profile. */
  public LayerAnalysis withProfile(Optional<LayerOverflows> other) {
    return new LayerAnalysis(
        name,
        kind,
        terms,
        channels,
        weightBits,
        inputRange,
        bounds,
        termBits,
        accumulator,
        runtimeRegister,
        optimizedRegister,
        channelBounds,
        other);
  }

  /** The same without the profiles of its channels. */
  public LayerAnalysis withoutChannels() {
    return withProfile(
        profile.map(p ->
            new LayerOverflows(
                p.order(),
                p.zero(),
                p.bias(),
                p.dots(),
                p.widths(),
                Optional.empty(),
                p.channelWidths())));
  }
}
