package dev.narrows.core.quantize.a2q;

import java.util.Arrays;

/**
 * Weights rounded to nearest, their magnitudes then lowered by a common threshold until the
 * integers fit the register by the exact sign-sum condition (ours). Rounding toward zero, which A2Q
 * needs for its proof, wastes half of a tight budget; here the proof is by the integers, so none is
 * wasted, and no degree of freedom goes into centring.
 *
 * <p>With unsigned inputs the positive and the negative weights each have the whole of {@link
 * NormLimit#side}. Lowering m by θ and rounding takes off a unit each time that θ passes a point m
 * − q + ½ + j; units go in the order of those points, to a 256th, then by index.
 *
 * @see "docs/training.md, equations (23) to (25)"
 */
final class Sides {
  private static final int BUCKETS = 256;

  private Sides() {}

  /**
   * Writes a channel's integers; parameters as for {@link NormQuantizer#quantize}.
   *
   * @param largest 2^(W−1) − 1
   */
  static void quantize(
      NormLimit limit,
      int largest,
      float[] v,
      int from,
      int terms,
      boolean[] mask,
      double scale,
      int[] codes) {
    double[] t = new double[terms];
    for (int k = 0; k < terms; k++) {
      double ratio = mask.length == 0 || mask[from + k] ? v[from + k] / scale : 0;
      t[k] = Math.max(-largest, Math.min(largest, ratio));
      codes[from + k] = (int) Math.rint(t[k]);
    }
    if (limit.inputs().signed()) {
      lower(t, codes, from, 0, largest, limit.side());
    } else {
      lower(t, codes, from, 1, largest, limit.side());
      lower(t, codes, from, -1, largest, limit.side());
    }
  }

  /**
   * Lowers one side.
   *
   * @param sign of the weights concerned; 0: all
   * @param most what their magnitudes may sum to
   */
  private static void lower(double[] t, int[] codes, int from, int sign, int largest, long most) {
    int[] having = new int[largest + 1]; // how many weights have each magnitude
    long sum = 0;
    for (int k = 0; k < t.length; k++) {
      int magnitude = magnitude(codes[from + k], sign);
      having[magnitude]++;
      sum += magnitude;
    }
    long excess = sum - most;
    if (excess <= 0) {
      return;
    }
    int whole = 0; // units that every weight loses, as far as it has them
    long above = t.length - having[0];
    while (excess >= above && above > 0) {
      excess -= above;
      whole++;
      above -= having[whole];
    }
    int[] points = new int[BUCKETS];
    for (int k = 0; k < t.length; k++) {
      int magnitude = magnitude(codes[from + k], sign);
      if (magnitude > whole) {
        points[bucket(t[k], magnitude)]++;
      }
    }
    long[] take = new long[BUCKETS];
    for (int b = 0; b < BUCKETS; b++) {
      take[b] = Math.min(points[b], excess);
      excess -= take[b];
    }
    for (int k = 0; k < t.length; k++) {
      int code = codes[from + k];
      int magnitude = magnitude(code, sign);
      int less = Math.min(magnitude, whole);
      if (magnitude > whole && take[bucket(t[k], magnitude)] > 0) {
        take[bucket(t[k], magnitude)]--;
        less++;
      }
      codes[from + k] = code - Integer.signum(code) * less;
    }
  }

  private static int magnitude(int code, int sign) {
    return sign == 0 ? Math.abs(code) : Math.max(0, sign * code);
  }

  private static int bucket(double t, int magnitude) {
    double point = Math.abs(t) - magnitude + 0.5; // from 0 to 1
    return (int) Math.min(BUCKETS - 1, Math.max(0, point * BUCKETS));
  }

  /**
   * Straight through rounding and threshold: dv = G/s where |v/s| is not clipped, also for weights
   * that the threshold made 0, which could not come back otherwise. The scale hears of the weights
   * that are left.
   *
   * @return −Σ ln2·G·v/s over weights other than 0: the gradient of log₂ s
   */
  static double backward(
      int largest,
      float[] v,
      int from,
      int terms,
      boolean[] mask,
      double scale,
      int[] codes,
      float[] gradients,
      float[] out) {
    Arrays.fill(out, from, from + terms, 0f);
    double sum = 0;
    for (int k = from; k < from + terms; k++) {
      double t = v[k] / scale;
      boolean free = mask.length == 0 || mask[k];
      if (free && Math.abs(t) <= largest) {
        out[k] = (float) (gradients[k] / scale);
        sum += codes[k] == 0 ? 0 : gradients[k] * t;
      }
    }
    return -Math.log(2) * sum;
  }
}
