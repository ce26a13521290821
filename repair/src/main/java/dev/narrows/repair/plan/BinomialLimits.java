package dev.narrows.repair.plan;

/**
 * What k of n independent draws say of the share that they were drawn from: Clopper and Pearson's
 * limits, exact but for rounding.
 *
 * @see "Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of
 *     the binomial, Biometrika 1934"
 */
public final class BinomialLimits {
  private BinomialLimits() {}

  /**
   * The largest share p at which at most k of n has a probability of {@code alpha} or more:
   *
   * <pre>Σ_{i ≤ k} C(n, i)·pⁱ·(1 − p)^(n − i) = alpha</pre>
   *
   * <p>1 for k = n, and 1 − alpha^(1/n) for k = 0: there it is also Wilks' bound on what lies
   * beyond the greatest of n values.
   *
   * @param k 0 to n
   * @param n at least 1
   * @param alpha one minus the confidence, in (0, 1)
   */
  public static double upper(long k, long n, double alpha) {
    require(k, n, alpha);
    if (k == n) {
      return 1;
    }
    if (k == 0) {
      return -Math.expm1(Math.log(alpha) / n);
    }
    double low = 0;
    double high = 1;
    double middle = 0.5;
    while (low < middle && middle < high) {
      if (atMost(k, n, middle) > alpha) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return high;
  }

  /** The smallest share p at which at least k of n has a probability of {@code alpha} or more. */
  public static double lower(long k, long n, double alpha) {
    return 1 - upper(n - k, n, alpha);
  }

  /**
   * The share of draws that at least one of several limits misses, where each limit is the greatest
   * value seen of one quantity among n draws: the scenario bound of a problem with so many unknowns
   * that each has one draw that decides it.
   *
   * <pre>Σ_{i &lt; limits} C(n, i)·εⁱ·(1 − ε)^(n − i) = alpha</pre>
   *
   * @param limits at least 1, at most n
   * @see "Campi and Garatti, The exact feasibility of randomized solutions of uncertain convex
   *     programs, SIAM Journal on Optimization 2008"
   */
  public static double scenario(long limits, long n, double alpha) {
    return upper(limits - 1, n, alpha);
  }

  /**
   * The probability of at most k of n, each with probability p.
   *
   * @param p in [0, 1]
   */
  static double atMost(long k, long n, double p) {
    if (k >= n || p <= 0) {
      return 1;
    }
    if (p >= 1) {
      return 0;
    }
    double odds = Math.log(p) - Math.log1p(-p);
    double term = n * Math.log1p(-p); // of none, as a logarithm
    double sum = 1; // relative to the greatest term so far
    double greatest = term;
    for (long i = 1; i <= k; i++) {
      term += Math.log((double) (n - i + 1) / i) + odds;
      if (term > greatest) {
        sum = sum * Math.exp(greatest - term) + 1;
        greatest = term;
      } else {
        sum += Math.exp(term - greatest);
      }
    }
    return Math.min(1, sum * Math.exp(greatest));
  }

  private static void require(long k, long n, double alpha) {
    if (n < 1 || k < 0 || k > n || !(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "need 0 <= k <= n, n >= 1 and alpha in (0, 1), got %d of %d at %s"
              .formatted(k, n, alpha));
    }
  }
}
