package dev.narrows.network.weights;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.network.check.Checks;

/**
 * The integer weights of a dot layer, [channels][K] with k running over kernel row, kernel column
 * and input channel of the group. Real weight = scale of its channel · integer.
 *
 * <p>Arrays are shared: do not modify them. Two weights are equal when form and content are.
 */
public sealed interface DotWeights permits DenseWeights, PackedWeights {
  /** Output channels. */
  int channels();

  /** K, zeros that were left out included. */
  int terms();

  /** W, the signed width every weight fits in. */
  int bits();

  /** The real value of weight 1, per channel. */
  double[] scales();

  /** All weights with their zeros, [channels][K]; not a copy where they are stored so. */
  int[] dense();

  /** Calls {@code action} for the non-zero weights of a channel, k ascending. */
  void forEachNonZero(int channel, TermAction action);

  /** What to do with one weight. */
  @FunctionalInterface
  interface TermAction {
    /** Takes the weight of term k. */
    void accept(int term, int weight);
  }

  /** Σ q over a channel's weights: what multiplies the zero point under the raw convention. */
  default long sum(int channel) {
    long[] sum = {0};
    forEachNonZero(channel, (k, q) -> sum[0] += q);
    return sum[0];
  }

  /** Weights that are not zero, over all channels. */
  default long nonZeros() {
    long[] count = {0};
    for (int c = 0; c < channels(); c++) {
      forEachNonZero(c, (k, q) -> count[0]++);
    }
    return count[0];
  }

  /** What every form checks. */
  static void check(int channels, int terms, int bits, double[] scales, int[] values) {
    Checks.require(channels >= 1, "weights need at least one channel, got %d", channels);
    Checks.require(terms >= 0, "K must not be negative, got %d", terms);
    Checks.require(bits >= 1 && bits <= 16, "weight width must be in [1, 16] bits, got %d", bits);
    Checks.require(
        (long) channels * terms <= Integer.MAX_VALUE - 8,
        "%d x %d weights are too many",
        channels,
        terms);
    Checks.require(
        scales.length == channels, "need %d weight scales, got %d", channels, scales.length);
    for (double scale : scales) {
      Checks.require(
          scale > 0 && !Double.isInfinite(scale),
          "weight scales must be finite and positive, got %s",
          scale);
    }
    IntegerFormat format = IntegerFormat.signed(bits);
    for (int value : values) {
      Checks.require(
          value >= format.min() && value <= format.max(),
          "weights must be in %s's range [%d, %d], got %d",
          format,
          format.min(),
          format.max(),
          value);
    }
  }
}
