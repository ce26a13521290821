package dev.narrows.kernels.integer;

import java.util.stream.IntStream;

/**
 * Integer weights of one group of output channels, [channels][K], stored without their zeros: in no
 * order and no accumulator does a term of zero change a register. Immutable.
 */
public final class SparseWeights {
  private final int channels;
  private final int terms;
  private final int[] starts; // [channels + 1]: where each channel's weights begin
  private final int[] indices; // k, growing within a channel
  private final int[] values; // never zero
  private final long[] positive; // Σ of the positive weights of each channel
  private final long[] negative; // Σ of the negative weights of each channel
  private final int largest;

  private SparseWeights(int channels, int terms, int[] dense) {
    this.channels = channels;
    this.terms = terms;
    this.starts = new int[channels + 1];
    this.positive = new long[channels];
    this.negative = new long[channels];
    int nonZeros = 0;
    int largestSeen = 0;
    for (int value : dense) {
      nonZeros += value == 0 ? 0 : 1;
      largestSeen = Math.max(largestSeen, Math.absExact(value));
    }
    this.largest = largestSeen;
    this.indices = new int[nonZeros];
    this.values = new int[nonZeros];
    int at = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int k = 0; k < terms; k++) {
        int value = dense[channel * terms + k];
        if (value != 0) {
          indices[at] = k;
          values[at++] = value;
          positive[channel] += Math.max(value, 0);
          negative[channel] += Math.min(value, 0);
        }
      }
      starts[channel + 1] = at;
    }
  }

  /**
   * @param values row-major [channels][terms], each above −2^31; copied
   * @throws IllegalArgumentException if the number of values is not channels · terms
   * @throws ArithmeticException if a value is −2^31
   */
  public static SparseWeights of(int channels, int terms, int[] values) {
    if (channels < 0 || terms < 0 || (long) channels * terms != values.length) {
      throw new IllegalArgumentException(
          "weights of %d channels with %d terms each need as many values, got %d"
              .formatted(channels, terms, values.length));
    }
    return new SparseWeights(channels, terms, values);
  }

  /** How many output channels there are. */
  public int channels() {
    return channels;
  }

  /** K, zeros included. */
  public int terms() {
    return terms;
  }

  /** The number of weights that are not zero: multiplications per column. */
  public long nonZeros() {
    return values.length;
  }

  /** Whether any term is skipped. */
  public boolean packed() {
    return nonZeros() < (long) channels * terms;
  }

  /** ‖q‖₁ of one channel. */
  public long l1(int channel) {
    return positive[channel] - negative[channel];
  }

  /**
   * The largest sum that inputs in [low, high] can reach in any order, tree or subset; ≥ 0.
   * Long.MAX_VALUE stands for that or more.
   */
  public long highest(int channel, int low, int high) {
    return capped(
        cappedProduct(positive[channel], Math.max(high, 0)),
        cappedProduct(-negative[channel], -(long) Math.min(low, 0)));
  }

  /**
   * The smallest sum that inputs in [low, high] can reach in any order, tree or subset; ≤ 0.
   * −Long.MAX_VALUE stands for that or less.
   */
  public long lowest(int channel, int low, int high) {
    return -capped(
        cappedProduct(-negative[channel], Math.max(high, 0)),
        cappedProduct(positive[channel], -(long) Math.min(low, 0)));
  }

  /** The sum of two numbers of at least 0, or Long.MAX_VALUE beyond it. */
  static long capped(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }

  private static long cappedProduct(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  /** The largest ‖q‖₁ of all channels. */
  public long longest() {
    return IntStream.range(0, channels).mapToLong(this::l1).max().orElse(0);
  }

  /** The largest |q| of all channels. */
  public int largest() {
    return largest;
  }

  /** Where the weights of a channel begin; those of the last one end at {@code start(channels)}. */
  public int start(int channel) {
    return starts[channel];
  }

  /** The term k of a weight. */
  public int index(int at) {
    return indices[at];
  }

  /** The indices k, channel after channel; not to be changed. */
  public int[] indices() {
    return indices;
  }

  /** The weights, channel after channel; not to be changed. */
  public int[] values() {
    return values;
  }

  /** A weight, never 0. */
  public int value(int at) {
    return values[at];
  }

  /** The largest q·x (sign 1) or the negated smallest one (sign −1) of one channel; ≥ 0. */
  public long widestTerm(int channel, int low, int high, int sign) {
    long widest = 0;
    for (int i = starts[channel]; i < starts[channel + 1]; i++) {
      widest = Math.max(widest, sign * (long) values[i] * low);
      widest = Math.max(widest, sign * (long) values[i] * high);
    }
    return widest;
  }
}
