package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Requantization;
import java.util.List;
import java.util.Optional;

/**
 * How far ONNX's requantisation, a factor in binary32, is from a layer's own: counted over every
 * sum that any input can give.
 *
 * @param differing channels and sums whose codes differ
 * @param all channels and sums
 */
record RequantizationGap(long differing, long all) {
  private static final int MOST_CODES = 1 << 12;

  /**
   * The gap of a layer, as the distance between the thresholds of both; empty where there are too
   * many codes to compare, or one of them wraps around.
   *
   * @param factors one for all channels or one a channel
   * @param bias one a channel
   * @param sums one a channel, without bias
   */
  static Optional<RequantizationGap> of(
      Requantization own, float[] factors, int[] bias, List<IntegerRange> sums) {
    if ((long) own.max() - own.min() >= MOST_CODES) {
      return Optional.empty();
    }
    long differing = 0;
    long all = 0;
    for (int c = 0; c < bias.length; c++) {
      int channel = c;
      long add = bias[c];
      IntegerRange range = sums.get(sums.size() == 1 ? 0 : c);
      if (!own.monotone(c, range.minus(-add))) {
        return Optional.empty();
      }
      float[] factor = {factors[factors.length == 1 ? 0 : c]};
      FloatScale scale = new FloatScale(factor, FloatFactors.zeroPoint(own), own.min(), own.max());
      long[] ours =
          ThresholdRows.of(sum -> own.apply(channel, sum + add), range, own.min(), own.max());
      long[] theirs =
          ThresholdRows.of(sum -> scale.apply(0, sum + add), range, own.min(), own.max());
      for (int i = 0; i < ours.length; i++) {
        differing += Math.abs(ours[i] - theirs[i]);
      }
      all += range.max() - range.min() + 1;
    }
    return Optional.of(new RequantizationGap(differing, all));
  }

  /** A sentence for users; empty where nothing differs. */
  Optional<String> sentence() {
    return differing == 0
        ? Optional.empty()
        : Optional.of(
            "%,d of the %,d sums that its channels can reach give another code by ONNX's factor in float32"
                .formatted(differing, all));
  }
}
