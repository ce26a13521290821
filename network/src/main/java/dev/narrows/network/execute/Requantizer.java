package dev.narrows.network.execute;

import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.kernels.ColumnSums;

/** Rows of sums to rows of codes: {@link Requantization#apply}, in loops a compiler vectorises. */
final class Requantizer {
  private Requantizer() {}

  /**
   * out[to + i] = the code of sums[from + i] + add, for {@code count} elements of one channel.
   *
   * @param add bias and corrections; with a sum it stays inside a long
   */
  static void apply(
      Requantization requantization,
      int channel,
      int[] sums,
      int from,
      long add,
      int[] out,
      int to,
      int count) {
    switch (requantization) {
      case FixedPointMultiplier fixed ->
          fixed(
              fixed.factor(channel),
              fixed.zeroPoint(),
              fixed.min(),
              fixed.max(),
              sums,
              from,
              add,
              out,
              to,
              count);
      case ShortMultiplier factor -> each(factor, channel, sums, from, add, out, to, count);
      case FloatScale scale -> each(scale, channel, sums, from, add, out, to, count);
      case DoubleScale scale -> each(scale, channel, sums, from, add, out, to, count);
      case IntegerMean mean -> each(mean, channel, sums, from, add, out, to, count);
      case Thresholds thresholds -> each(thresholds, channel, sums, from, add, out, to, count);
    }
  }

  /** The same for the sums of a column block, of 32 or 64 bits. */
  static void apply(
      Requantization requantization,
      int channel,
      ColumnSums sums,
      int from,
      long add,
      int[] out,
      int to,
      int count) {
    if (!sums.wide()) {
      apply(requantization, channel, sums.ints(), from, add, out, to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      out[to + i] = requantization.apply(channel, Math.addExact(sums.get(from + i), add));
    }
  }

  private static void each(
      Requantization requantization,
      int channel,
      int[] sums,
      int from,
      long add,
      int[] out,
      int to,
      int count) {
    for (int i = 0; i < count; i++) {
      out[to + i] = requantization.apply(channel, sums[from + i] + add);
    }
  }

  /**
   * The roundings of {@link FixedPoint#code} without branches: the high product rounds half up, the
   * right shift half away from zero, so negative values get one unit less before it. To wrap around
   * at 32 bits a long is shifted there and back.
   */
  static void fixed(
      FixedPoint factor,
      int zeroPoint,
      int min,
      int max,
      int[] sums,
      int from,
      long add,
      int[] out,
      int to,
      int count) {
    long multiplier = factor.multiplier();
    int left = Math.max(factor.shift(), 0);
    int right = Math.max(-factor.shift(), 0);
    if (left == 0 && right > 0 && Math.abs((long) zeroPoint) < 1 << 30) {
      rightShifted(multiplier, right, zeroPoint, min, max, sums, from, add, out, to, count);
      return;
    }
    long half = right == 0 ? 0 : 1L << (right - 1);
    long lessIfNegative = right == 0 ? 0 : -1;
    int unheld = FixedPoint.wraps(min, max) ? Long.SIZE - Integer.SIZE : 0;
    for (int i = 0; i < count; i++) {
      long held = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, sums[from + i] + add));
      long shifted =
          Math.max(
              Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, (held << left) << unheld >> unheld));
      long high = (shifted * multiplier + (1L << 30)) >> 31;
      long rounded = (high + half + ((high >> 63) & lessIfNegative)) >> right;
      long code = (rounded + zeroPoint) << unheld >> unheld;
      out[to + i] = (int) Math.max(min, Math.min(max, code));
    }
  }

  /** The usual factor, below a half: nothing leaves 32 bits, so nothing wraps around. */
  private static void rightShifted(
      long multiplier,
      int right,
      int zeroPoint,
      int min,
      int max,
      int[] sums,
      int from,
      long add,
      int[] out,
      int to,
      int count) {
    long half = 1L << (right - 1);
    for (int i = 0; i < count; i++) {
      long held = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, sums[from + i] + add));
      long high = (held * multiplier + (1L << 30)) >> 31; // at most 2^31, halved below
      long code = ((high + half + (high >> 63)) >> right) + zeroPoint;
      out[to + i] = (int) Math.max(min, Math.min(max, code));
    }
  }
}
