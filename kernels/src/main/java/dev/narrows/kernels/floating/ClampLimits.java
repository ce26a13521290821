package dev.narrows.kernels.floating;

import dev.narrows.core.format.FloatQuantizer;
import dev.narrows.core.format.NearestRounding;
import java.util.Arrays;

/**
 * With inputs of which size the chunks of a channel cannot clamp. What is found out once is
 * remembered: larger inputs never clamp less. Threads may ask at once, as whatever one of them
 * remembers is true; at worst another finds it out again.
 */
final class ClampLimits {
  /** The largest value that is told from a clamp: what tiles that round add must be floats. */
  static final float REACH = 0x1p100f;

  private final float[] weights;
  private final int terms;
  private final int chunk;
  private final int chunks;
  private final FloatQuantizer product;
  private final FloatQuantizer sum;
  private final float[] largestWeights; // [channels][chunks]
  private final float[] safe; // [channels]; the largest inputs that are known not to clamp
  private final float[] unsafe; // [channels]; the smallest that are known to

  /**
   * @param weights [channels][K] in the sequence of the walk
   */
  ClampLimits(
      float[] weights,
      int channels,
      int terms,
      int chunk,
      FloatQuantizer product,
      FloatQuantizer sum) {
    this.weights = weights;
    this.terms = terms;
    this.chunk = chunk;
    this.chunks = (terms + chunk - 1) / chunk;
    this.product = product;
    this.sum = sum;
    this.largestWeights = largestWeights(channels);
    this.safe = new float[channels];
    this.unsafe = new float[channels];
    Arrays.fill(safe, -1);
    Arrays.fill(unsafe, Float.POSITIVE_INFINITY);
  }

  private float[] largestWeights(int channels) {
    float[] largest = new float[channels * chunks];
    for (int i = 0; i < largest.length; i++) {
      int row = i / chunks * terms;
      int from = i % chunks * chunk;
      float most = 0;
      for (int k = row + from; k < row + Math.min(terms, from + chunk); k++) {
        most = Math.max(most, Math.abs(weights[k]));
      }
      largest[i] = most;
    }
    return largest;
  }

  /** The largest magnitude among a channel's weights of the chunk of this index. */
  float largestWeight(int channel, int index) {
    return largestWeights[channel * chunks + index];
  }

  /**
   * Whether no product and no sum inside a chunk of this channel can be beyond its format's largest
   * value, whatever inputs of at most {@code largest} in magnitude come. (A join may.)
   *
   * <p>In registers that round to nearest, {@link #REACH} counts as such a value, too.
   *
   * <p>Rounding to nearest and both quantisers are odd and monotone, so by induction the register
   * stays within that of the worst case: inputs of ±{@code largest} with the signs of the weights.
   * This walks it; as such inputs may come, the answer is exact.
   *
   * @see "docs/accumulators.md, Where no clamp can fire"
   */
  boolean never(int channel, float largest) {
    if (largest <= safe[channel]) {
      return true;
    }
    if (largest >= unsafe[channel]) {
      return false;
    }
    boolean never = farFromClamps(channel, largest) || walk(channel, largest);
    if (never) {
      safe[channel] = largest;
    } else {
      unsafe[channel] = largest;
    }
    return never;
  }

  private boolean walk(int channel, float largest) {
    for (int from = 0; from < terms; from += chunk) {
      float reach = 0;
      for (int k = from; k < Math.min(terms, from + chunk); k++) {
        float term = Math.abs(weights[channel * terms + k]) * largest;
        float next = product.apply(term) + reach;
        if (beyond(product, term) || beyond(sum, next)) {
          return false;
        }
        reach = sum.apply(next);
      }
    }
    return true;
  }

  private static boolean beyond(FloatQuantizer format, float value) {
    return format.overflows(value) || format instanceof NearestRounding && value > REACH;
  }

  /**
   * A quick sufficient condition: no chunk's Σ|w| · largest reaches a share of the smaller of both
   * formats' largest values.
   *
   * <p>Half where formats truncate, for each addition multiplies the register by at most 1 + 2^-24,
   * and there are fewer than 2^23. A sixteenth where they round to nearest: no value is moved by
   * more than its distance from any value of the format. From 0 for products, so they are at most
   * doubled; and from the register for sums, so that one grows by at most twice the product in
   * binary32, and by twice that in the format.
   */
  private boolean farFromClamps(int channel, float largest) {
    boolean nearest = product instanceof NearestRounding || sum instanceof NearestRounding;
    double most = Math.min(product.largest(), sum.largest());
    double limit = nearest ? Math.min(most, REACH) / 16 : most / 2;
    for (int from = 0; from < terms; from += chunk) {
      double all = 0;
      for (int k = from; k < Math.min(terms, from + chunk); k++) {
        all += Math.abs(weights[channel * terms + k]);
      }
      if (!(all * largest <= limit)) {
        return false;
      }
    }
    return terms < 1 << 21;
  }
}
