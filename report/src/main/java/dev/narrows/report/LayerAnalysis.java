package dev.narrows.report;

import java.util.List;
import java.util.Optional;

/**
 * One layer of dot products (or sums) and what its register needs.
 *
 * @param kind conv2d, depthwiseConv2d, transposeConv2d, dense, averagePool
 * @param terms K
 * @param weightBits W of the smallest type that holds the weights
 * @param inputRange [a, b], what the accumulator multiplies with
 * @param bounds the widest of its channels
 * @param termBits width of the widest product that can occur: below it no order helps
 * @param accumulator the register this layer runs in, in text form
 * @param runtimeRegister what the runtime that the file was made for sums in, where that is known
 * @param optimizedRegister what its optimised kernels sum in, where that is another register
 * @param channelBounds signSum of each channel; absent in results of older versions, unless it was
 *     asked for
 * @param profile with data only
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
