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
    // of unsigned inputs positive and negative weights have a budget each
    int[][] having = new int[limit.inputs().signed() ? 1 : 2][largest + 1];
    int negative = having.length - 1;
    for (int k = 0; k < terms; k++) {
      double ratio = mask.length == 0 || mask[from + k] ? v[from + k] / scale : 0;
      double clipped = Math.max(-largest, Math.min(largest, ratio));
      int code = (int) Math.rint(clipped);
      t[k] = clipped;
      codes[from + k] = code;
      having[code < 0 ? negative : 0][Math.abs(code)]++;
    }
    Lowering[] sides = new Lowering[having.length];
    boolean fits = true;
    for (int side = 0; side < sides.length; side++) {
      sides[side] = Lowering.of(having[side], limit.side());
      fits &= sides[side].fits();
    }
    if (!fits) {
      lower(t, codes, from, sides);
    }
  }

  /**
   * What a side loses.
   *
   * @param whole units that every weight loses, as far as it has them
   * @param single units more, of weights with more than that
   */
  private record Lowering(int whole, long single) {
    /**
     * Until magnitudes sum to at most {@code most}.
     *
     * @param having how many of the side's weights have each magnitude
     */
    static Lowering of(int[] having, long most) {
      long excess = -most;
      long above = 0;
      for (int magnitude = 1; magnitude < having.length; magnitude++) {
        excess += (long) magnitude * having[magnitude];
        above += having[magnitude];
      }
      int whole = 0;
      while (excess >= above && above > 0) {
        excess -= above;
        whole++;
        above -= having[whole];
      }
      return new Lowering(whole, Math.max(0, excess));
    }

    boolean fits() {
      return whole == 0 && single == 0;
    }
  }

  private static void lower(double[] t, int[] codes, int from, Lowering[] sides) {
    int negative = sides.length - 1;
    int[][] take = new int[sides.length][BUCKETS]; // weights of each bucket, then those that lose
    for (int k = 0; k < t.length; k++) {
      int code = codes[from + k];
      int side = code < 0 ? negative : 0;
      int magnitude = Math.abs(code);
      if (magnitude > sides[side].whole()) {
        take[side][bucket(t[k], magnitude)]++;
      }
    }
    for (int side = 0; side < sides.length; side++) {
      long left = sides[side].single();
      for (int b = 0; b < BUCKETS; b++) {
        take[side][b] = (int) Math.min(take[side][b], left);
        left -= take[side][b];
      }
    }
    for (int k = 0; k < t.length; k++) {
      int code = codes[from + k];
      int side = code < 0 ? negative : 0;
      int magnitude = Math.abs(code);
      int less = Math.min(magnitude, sides[side].whole());
      if (magnitude > less) {
        int b = bucket(t[k], magnitude);
        if (take[side][b] > 0) {
          take[side][b]--;
          less++;
        }
      }
      codes[from + k] = code - Integer.signum(code) * less;
    }
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
