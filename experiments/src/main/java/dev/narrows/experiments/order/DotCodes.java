package dev.narrows.experiments.order;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.IntegerOperands;

/**
 * What becomes of the register of an integer layer: what is added behind it, and the code.
 *
 * @param preloads by channel: what the register is loaded with
 * @param added by channel: what is added to it at the end
 */
record DotCodes(Requantization requantization, long[] preloads, long[] added) {
  private static final double MOST = 0x1p62;

  /**
   * Of a layer in a register.
   *
   * @param zero point of its input
   * @param loads whether the register can be loaded; otherwise a bias is added behind it
   */
  static DotCodes of(DotLayer layer, int zero, LayerRegister register, boolean loads) {
    IntegerOperands operands = layer.integers();
    int channels = operands.channels();
    long[] preloads = new long[channels];
    long[] added = new long[channels];
    for (int c = 0; c < channels; c++) {
      long correction =
          register.zero() == ZeroPointConvention.RAW ? -zero * operands.weights().sum(c) : 0;
      long value = operands.bias()[c] + correction;
      if (loads && register.bias() == BiasPlacement.PRELOAD) {
        preloads[c] = value;
      } else {
        added[c] = value;
      }
    }
    return new DotCodes(operands.requantization(), preloads, added);
  }

  /** The code of a register's value. */
  int code(int channel, long value) {
    return requantization.apply(channel, value + added[channel]);
  }

  /** The code of a register of floats, which is brought to the nearest integer. */
  int code(int channel, double value) {
    return code(channel, nearest(value));
  }

  /** All codes of values of a range. */
  IntegerRange codes(int channel, long least, long greatest) {
    return requantization.range(
        channel, new IntegerRange(least + added[channel], greatest + added[channel]));
  }

  /** All codes of values of a range. */
  IntegerRange codes(int channel, double least, double greatest) {
    return codes(channel, nearest(Math.floor(least)), nearest(Math.ceil(greatest)));
  }

  private static long nearest(double value) {
    return (long) Math.rint(Math.clamp(value, -MOST, MOST));
  }
}
