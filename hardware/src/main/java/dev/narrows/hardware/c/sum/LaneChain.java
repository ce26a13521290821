package dev.narrows.hardware.c.sum;

import dev.narrows.core.format.IntegerRange;
import java.util.function.IntUnaryOperator;

/**
 * How many steps a lane of 16 bits may add before it is widened, proved for given weights.
 *
 * <p>A step multiplies {@code step} terms, each into one lane. Over any run of so many consecutive
 * steps, every lane's Σ min(0, q·a, q·b) and Σ max(0, q·a, q·b) lie in [−2^15, 2^15 − 1], so no sum
 * of any part of its terms leaves the lane, whatever the input.
 *
 * @param steps the longest chain, at most those of a dot product; 0 if not even one step fits
 * @param lo the least value of a lane in such a chain
 * @param hi the greatest one
 * @see "docs/c.md, equations (2) and (3)"
 */
public record LaneChain(int steps, long lo, long hi) {
  /**
   * The chain of a layer.
   *
   * @param weights [rows][terms]
   * @param step terms of a step
   * @param lanes of a row
   * @param lane the lane of a term, by its place in a step
   * @param inputs [a, b], what is multiplied
   */
  public static LaneChain of(
      int[] weights, int terms, int step, int lanes, IntUnaryOperator lane, IntegerRange inputs) {
    int count = Math.ceilDiv(terms, step);
    int longest = count;
    long[][] ups = new long[weights.length / terms * lanes][];
    long[][] downs = new long[ups.length][];
    for (int i = 0; i < ups.length; i++) {
      long[] up = new long[count];
      long[] down = new long[count];
      for (int k = 0; k < terms; k++) {
        if (lane.applyAsInt(k % step) == i % lanes) {
          long q = weights[i / lanes * terms + k];
          long atA = q * inputs.min();
          long atB = q * inputs.max();
          up[k / step] += Math.max(0, Math.max(atA, atB));
          down[k / step] += Math.min(0, Math.min(atA, atB));
        }
      }
      longest = Math.min(longest, longest(up, down));
      ups[i] = up;
      downs[i] = down;
    }
    long lo = 0;
    long hi = 0;
    for (int i = 0; i < ups.length; i++) {
      hi = Math.max(hi, widest(ups[i], longest));
      lo = Math.min(lo, -widest(negated(downs[i]), longest));
    }
    return new LaneChain(longest, lo, hi);
  }

  /** The longest run such that all runs of its length fit; they are nested, so shorter ones do. */
  private static int longest(long[] up, long[] down) {
    int longest = up.length;
    long hi = 0;
    long lo = 0;
    int end = 0;
    for (int start = 0; start < up.length; start++) {
      while (end < up.length
          && hi + up[end] <= Short.MAX_VALUE
          && lo + down[end] >= Short.MIN_VALUE) {
        hi += up[end];
        lo += down[end];
        end++;
      }
      if (end < up.length) {
        longest = Math.min(longest, end - start);
      }
      if (end == start) {
        return 0;
      }
      hi -= up[start];
      lo -= down[start];
    }
    return longest;
  }

  private static long widest(long[] values, int run) {
    long sum = 0;
    long most = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] - (i >= run ? values[i - run] : 0);
      most = Math.max(most, sum);
    }
    return most;
  }

  private static long[] negated(long[] values) {
    long[] negated = new long[values.length];
    java.util.Arrays.setAll(negated, i -> -values[i]);
    return negated;
  }
}
