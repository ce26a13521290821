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
      case FloatScale scale -> scaled(scale, channel, sums, from, add, out, to, count);
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

  /** {@link FloatScale#apply} in loops that vectorise. */
  private static void scaled(
      FloatScale scale, int channel, int[] sums, int from, long add, int[] out, int to, int count) {
    float factor = (float) scale.realMultiplier(channel);
    float[] products = new float[Math.min(count, PIECE)];
    for (int done = 0; done < count; done += PIECE) {
      int piece = Math.min(PIECE, count - done);
      int first = from + done;
      if (add == (int) add) {
        products((int) add, factor, sums, first, products, piece);
      } else {
        for (int i = 0; i < piece; i++) {
          products[i] = (float) (sums[first + i] + add) * factor;
        }
      }
      rounded(products, scale.zeroPoint(), scale.min(), scale.max(), out, to + done, piece);
    }
  }

  /** A sum of two ints is exact in a double, and rounded once to a float. */
  private static void products(
      int add, float factor, int[] sums, int from, float[] products, int count) {
    for (int i = 0; i < count; i++) {
      products[i] = (float) ((double) sums[from + i] + (double) add) * factor;
    }
  }

  private static void rounded(
      float[] products, int zeroPoint, int min, int max, int[] out, int to, int count) {
    for (int i = 0; i < count; i++) {
      double code = Math.rint((double) products[i]) + zeroPoint;
      out[to + i] = (int) Math.max((double) min, Math.min((double) max, code));
    }
  }

  /** Elements between two loops: one that reads ints and one that writes them both vectorise. */
  private static final int PIECE = 1 << 10;

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
    int left = Math.max(factor.shift(), 0);
    int right = Math.max(-factor.shift(), 0);
    boolean simple = left == 0 && right > 0 && Math.abs((long) zeroPoint) < 1 << 30;
    int unheld = FixedPoint.wraps(min, max) ? Long.SIZE - Integer.SIZE : 0;
    long[] high = new long[Math.min(count, PIECE)];
    for (int done = 0; done < count; done += PIECE) {
      int piece = Math.min(PIECE, count - done);
      if (simple) {
        highProducts(factor.multiplier(), sums, from + done, add, high, piece);
        rightShifted(high, right, zeroPoint, min, max, out, to + done, piece);
      } else {
        highProducts(factor.multiplier(), left, unheld, sums, from + done, add, high, piece);
        rounded(high, right, unheld, zeroPoint, min, max, out, to + done, piece);
      }
    }
  }

  private static void highProducts(
      long multiplier,
      int left,
      int unheld,
      int[] sums,
      int from,
      long add,
      long[] high,
      int count) {
    for (int i = 0; i < count; i++) {
      long held = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, sums[from + i] + add));
      long shifted =
          Math.max(
              Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, (held << left) << unheld >> unheld));
      high[i] = (shifted * multiplier + (1L << 30)) >> 31;
    }
  }

  private static void rounded(
      long[] high,
      int right,
      int unheld,
      int zeroPoint,
      int min,
      int max,
      int[] out,
      int to,
      int count) {
    long half = right == 0 ? 0 : 1L << (right - 1);
    long lessIfNegative = right == 0 ? 0 : -1;
    for (int i = 0; i < count; i++) {
      long rounded = (high[i] + half + ((high[i] >> 63) & lessIfNegative)) >> right;
      long code = (rounded + zeroPoint) << unheld >> unheld;
      out[to + i] = (int) Math.max(min, Math.min(max, code));
    }
  }

  /** The usual factor, below a half: nothing leaves 32 bits, so nothing wraps around. */
  private static void highProducts(
      long multiplier, int[] sums, int from, long add, long[] high, int count) {
    for (int i = 0; i < count; i++) {
      long held = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, sums[from + i] + add));
      high[i] = (held * multiplier + (1L << 30)) >> 31; // at most 2^31, halved below
    }
  }

  private static void rightShifted(
      long[] high, int right, int zeroPoint, int min, int max, int[] out, int to, int count) {
    long half = 1L << (right - 1);
    for (int i = 0; i < count; i++) {
      long code = ((high[i] + half + (high[i] >> 63)) >> right) + zeroPoint;
      out[to + i] = (int) Math.max(min, Math.min(max, code));
    }
  }
}
