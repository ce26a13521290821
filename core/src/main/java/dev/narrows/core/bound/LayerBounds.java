package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The four widths of a layer, each the maximum over its channels, in bits.
 *
 * @param dataType from the layer's types: one A and W for all channels
 * @param l1 from each channel's norm
 * @param zeroCentred empty unless every channel has one
 * @param signSum exact
 */
public record LayerBounds(int dataType, int l1, OptionalInt zeroCentred, int signSum) {
  /**
   * The bounds of a layer's channels.
   *
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static LayerBounds of(List<? extends ChannelTerms> channels) {
    int weightBits = channels.stream().mapToInt(ChannelTerms::weightBits).max().orElse(1);
    IntegerRange inputs =
        channels.stream()
            .map(ChannelTerms::inputs)
            .reduce(IntegerRange::union)
            .orElse(new IntegerRange(0, 0));
    IntegerFormat input = IntegerFormat.holding(inputs.min(), inputs.max());
    int dataType = 1;
    int l1 = 1;
    int zeroCentred = 1;
    int signSum = 1;
    boolean allCentred = true;
    for (ChannelTerms channel : channels) {
      long bias = channel.preload();
      dataType =
          Math.max(dataType, new DataTypeBound(channel.terms(), input, weightBits, bias).bits());
      l1 = Math.max(l1, new L1Bound(channel.norm(), input, bias).bits());
      signSum = Math.max(signSum, SignSumBound.of(channel).bits());
      Optional<ZeroCentredBound> centred = ZeroCentredBound.of(channel);
      allCentred &= centred.isPresent();
      zeroCentred = Math.max(zeroCentred, centred.map(ZeroCentredBound::bits).orElse(1));
    }
    return new LayerBounds(
        dataType, l1, allCentred ? OptionalInt.of(zeroCentred) : OptionalInt.empty(), signSum);
  }
}
