package dev.narrows.core.quantize.a2q;

import dev.narrows.core.format.Widths;

/**
 * One output channel's weights as integers under a norm limit:
 *
 * <pre>
 *   u = v          (A2Q)      u = v − v̄, v̄ the mean of v  (A2Q+)
 *   w = u/‖u‖₁ · min(g, T),   T = s · limit
 *   q = clip(trunc(w/s); ±(2^(W−1) − 1))
 * </pre>
 *
 * <p>Rounding is toward zero, so no magnitude grows. In float64 the limit on the real weights
 * carries over to the integers but for weights that all but cancel under centring; whatever is left
 * over is taken off the integers themselves ({@link #quantize} says how much), so the sign-sum
 * bound of the result always holds.
 *
 * <p>{@link NormMethod#SIGN_SUM} takes no norm: q comes from v/s, see {@link Sides}.
 *
 * <p>Degenerate channels: no weights, all weights zero, all equal under centring (K = 1 is such a
 * case): q = 0 and no gradient.
 *
 * @param limit gives T/s
 * @param bits W, 2 … 16
 * @see "docs/training.md, equations (16) to (20)"
 */
public record NormQuantizer(NormLimit limit, int bits) {
  public NormQuantizer {
    if (bits < 2 || bits > 16) {
      throw new IllegalArgumentException("weight width must be in [2, 16] bits, got " + bits);
    }
  }

  /** The largest magnitude of an integer weight, 2^(W−1) − 1. */
  public int largest() {
    return (int) Widths.max(bits);
  }

  /**
   * A channel as the formula sees it.
   *
   * @param direction u, [K]; 0 where a weight is pruned
   * @param kept how many weights are not pruned
   * @param norm ‖u‖₁
   * @param factor min(g, T)/(s·‖u‖₁), which takes u to w/s; 0 where the norm is
   * @param belowLimit whether g is less than T, so that the norm follows g
   */
  record Channel(double[] direction, int kept, double norm, double factor, boolean belowLimit) {}

  /**
   * Writes a channel's integers.
   *
   * @param v memory that holds the channel's weights from {@code from} on, K of them
   * @param mask parallel to v: false where a weight is pruned; empty if none is
   * @param scale s, finite and positive
   * @param wanted g, finite and positive
   * @param codes gets the integers at the same places as v
   * @return by how much magnitudes had to be lowered after rounding; 0 but for rounding errors
   * @throws IllegalArgumentException if a weight, s or g is not what it should be
   */
  public long quantize(
      float[] v, int from, int terms, boolean[] mask, double scale, double wanted, int[] codes) {
    int most = largest();
    if (limit.method() == NormMethod.SIGN_SUM) {
      requireChannel(v, from, terms, scale, wanted);
      Sides.quantize(limit, most, v, from, terms, mask, scale, codes);
    } else {
      Channel channel = channel(v, from, terms, mask, scale, wanted);
      for (int k = 0; k < terms; k++) {
        double t = channel.direction[k] * channel.factor;
        codes[from + k] = (int) Math.max(-most, Math.min(most, t)); // a cast rounds toward zero
      }
    }
    long positive = 0;
    long negative = 0;
    for (int k = from; k < from + terms; k++) {
      positive += Math.max(0, codes[k]);
      negative -= Math.min(0, codes[k]);
    }
    return IntegerBudget.enforce(limit, codes, from, terms, positive, negative);
  }

  /** Gradients of d = log₂ s and of t = log₂ g. */
  public record Slopes(double log2Scale, double log2Norm) {}

  /**
   * Writes the real weights w that the integers stand for, before rounding.
   *
   * @param out gets w, at the same places as v
   */
  public void weights(
      float[] v, int from, int terms, boolean[] mask, double scale, double wanted, float[] out) {
    Channel channel = channel(v, from, terms, mask, scale, wanted);
    boolean asTheyAre = limit.method() == NormMethod.SIGN_SUM;
    for (int k = 0; k < terms; k++) {
      double w = channel.direction[k] * (asTheyAre ? 1 : channel.factor * scale);
      out[from + k] = (float) w;
    }
  }

  /**
   * Gradients of a channel, rounding passed straight through: with t = w/s and G the gradient of q
   * where |trunc(t)| ≤ 2^(W−1) − 1, else 0, and S = Σ G·t,
   *
   * <pre>
   *   du = min(g, T)/(s‖u‖₁)·G − sign(u)·S/‖u‖₁,   dv = du, or du less its mean (A2Q+)
   *   dt = ln2·S, dd = −ln2·S   where g &lt; T;   0 and 0 where not: w/s is then free of both
   * </pre>
   *
   * @param codes what {@link #quantize} wrote
   * @param gradients of the integers, at the same places as v
   * @param out gets dv, at the same places
   */
  public Slopes backward(
      float[] v,
      int from,
      int terms,
      boolean[] mask,
      double scale,
      double wanted,
      int[] codes,
      float[] gradients,
      float[] out) {
    if (limit.method() == NormMethod.SIGN_SUM) {
      return new Slopes(
          Sides.backward(largest(), v, from, terms, mask, scale, codes, gradients, out), 0);
    }
    Channel channel = channel(v, from, terms, mask, scale, wanted);
    double[] u = channel.direction;
    double beyond = largest() + 1.0; // trunc(t) is clipped from here on
    if (channel.norm == 0) {
      java.util.Arrays.fill(out, from, from + terms, 0f);
      return new Slopes(0, 0);
    }
    double sum = 0;
    for (int k = 0; k < terms; k++) {
      double t = u[k] * channel.factor;
      sum += Math.abs(t) < beyond ? gradients[from + k] * t : 0;
    }
    double pull = sum / channel.norm;
    double[] du = new double[terms];
    double total = 0;
    for (int k = 0; k < terms; k++) {
      boolean free = mask.length == 0 || mask[from + k];
      boolean inside = Math.abs(u[k] * channel.factor) < beyond;
      du[k] =
          free ? (inside ? channel.factor * gradients[from + k] : 0) - Math.signum(u[k]) * pull : 0;
      total += du[k];
    }
    double mean = limit.method().centred() ? total / channel.kept : 0;
    for (int k = 0; k < terms; k++) {
      boolean free = mask.length == 0 || mask[from + k];
      out[from + k] = free ? (float) (du[k] - mean) : 0f;
    }
    double slope = channel.belowLimit ? Math.log(2) * sum : 0;
    return new Slopes(-slope, slope);
  }

  /** T = s·limit, the largest norm of w. */
  public double largestNorm(double scale) {
    return scale * limit.norm();
  }

  /** max(g − T, 0): what the penalty counts of a channel; 0 where g has no part in the integers. */
  public double excess(double scale, double wanted) {
    return limit.method() == NormMethod.SIGN_SUM ? 0 : Math.max(wanted - largestNorm(scale), 0);
  }

  private Channel channel(
      float[] v, int from, int terms, boolean[] mask, double scale, double wanted) {
    requireChannel(v, from, terms, scale, wanted);
    double[] u = new double[terms];
    double sum = 0;
    int kept = 0;
    for (int k = 0; k < terms; k++) {
      float weight = v[from + k];
      if (mask.length == 0 || mask[from + k]) {
        u[k] = weight;
        sum += weight;
        kept++;
      }
    }
    if (limit.method().centred() && kept > 0) {
      centre(u, mask, from, sum / kept);
    }
    double norm = 0;
    for (double weight : u) {
      norm += Math.abs(weight);
    }
    double largestNorm = largestNorm(scale);
    double factor = norm == 0 ? 0 : Math.min(wanted, largestNorm) / (scale * norm);
    return new Channel(u, kept, norm, factor, wanted < largestNorm);
  }

  private static void centre(double[] u, boolean[] mask, int from, double mean) {
    for (int k = 0; k < u.length; k++) {
      if (mask.length == 0 || mask[from + k]) {
        u[k] -= mean;
      }
    }
  }

  private static void requireChannel(float[] v, int from, int terms, double scale, double wanted) {
    requirePositive("scale", scale);
    requirePositive("norm", wanted);
    for (int k = 0; k < terms; k++) {
      float weight = v[from + k];
      if (!Float.isFinite(weight)) {
        throw new IllegalArgumentException("weight %d must be finite, got %s".formatted(k, weight));
      }
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " must be finite and positive, got " + value);
    }
  }
}
