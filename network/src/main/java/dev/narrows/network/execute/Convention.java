package dev.narrows.network.execute;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import java.util.Arrays;

/**
 * What a layer's register sees and what is added behind it, under one {@link LayerRegister}.
 *
 * @param subtract taken from every code before it meets the register
 * @param padding what padding contributes
 * @param preload per channel, or empty for zero
 * @param corrections −z·Σq per channel, to be added to the register at the end; all zero unless raw
 *     and after
 * @param biases per channel, to be added last; all zero when preloaded
 */
record Convention(
    LayerRegister register,
    int subtract,
    int padding,
    long[] preload,
    long[] corrections,
    long[] biases) {
  /**
   * @param zero the input's zero point
   * @param weightSums Σq per channel
   */
  static Convention of(LayerRegister register, int zero, int[] bias, long[] weightSums) {
    boolean raw = register.zero() == ZeroPointConvention.RAW;
    long[] corrections = new long[bias.length];
    if (raw) {
      Arrays.setAll(corrections, c -> -zero * weightSums[c]);
    }
    int subtract = raw ? 0 : zero;
    int padding = raw ? zero : 0;
    if (register.bias() == BiasPlacement.AFTER) {
      long[] biases = Arrays.stream(bias).asLongStream().toArray();
      return new Convention(register, subtract, padding, new long[0], corrections, biases);
    }
    long[] preload = new long[bias.length];
    Arrays.setAll(preload, c -> bias[c] + corrections[c]);
    long[] nothing = new long[bias.length];
    return new Convention(register, subtract, padding, preload, nothing, nothing);
  }

  /** Whether the register sees the same values and starts from the same ones. */
  boolean seesTheSame(Convention other) {
    return subtract == other.subtract
        && padding == other.padding
        && Arrays.equals(preload, other.preload);
  }

  /** The preload of one group of channels. */
  long[] preload(int firstChannel, int channels) {
    return preload.length == 0
        ? preload
        : Arrays.copyOfRange(preload, firstChannel, firstChannel + channels);
  }
}
