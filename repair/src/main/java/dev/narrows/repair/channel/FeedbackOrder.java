package dev.narrows.repair.channel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * In which order error feedback visits the weights of a channel, and how it spreads what rounding
 * one leaves over those still to come.
 *
 * <p>With H = C + λ·I in that order and H = SᵀS for a lower triangular S, dᵀHd is the sum of the
 * squares of S·d, whose row j holds errors up to weight j only. Weight j makes its row least if it
 * is rounded from w_j + Σ_{i<j} S[j][i]/S[j][j]·d_i, d = w − q. That is the error feedback of GPTQ,
 * whose factor of the inverse is S⁻¹ transposed, without forming an inverse. λ is 1 % of the mean
 * diagonal.
 *
 * @see <a href="https://arxiv.org/abs/2210.17323">GPTQ, Frantar et al., ICLR 2023</a>
 */
final class FeedbackOrder {
  private static final double DAMPING = 0.01;

  /** Weights whose errors are spread over those behind them together, while they are cached. */
  private static final int BLOCK = 64;

  private final int[] order;
  private final double damping; // λ
  private final double[] roots; // S[j][j]
  private final double[][] spread;

  private FeedbackOrder(int[] order, double damping, double[] roots, double[][] spread) {
    this.order = order;
    this.damping = damping;
    this.roots = roots;
    this.spread = spread;
  }

  /** By falling variance of the input, ties by index: zero variances come last. */
  static FeedbackOrder of(InputMoments moments) {
    int terms = moments.terms();
    double[] c = moments.covariance();
    int[] order =
        IntStream.range(0, terms)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(k -> -c[k * terms + k]))
            .mapToInt(k -> k)
            .toArray();
    double trace = 0;
    for (int k = 0; k < terms; k++) {
      trace += c[k * terms + k];
    }
    double damping = trace > 0 ? DAMPING * trace / terms : 1;
    double[][] lower = new double[terms][];
    for (int i = 0; i < terms; i++) {
      lower[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        lower[i][j] = c[order[i] * terms + order[j]];
      }
      lower[i][i] += damping;
    }
    factor(lower);
    double[] roots = new double[terms];
    Arrays.setAll(roots, j -> lower[j][j]);
    return new FeedbackOrder(order, damping, roots, spread(lower));
  }

  /** S with SᵀS = H, in place of the lower triangle of H, from the last row to the first. */
  private static void factor(double[][] h) {
    for (int j = h.length - 1; j >= 0; j--) {
      double[] row = h[j];
      if (!(row[j] > 0)) {
        throw new IllegalArgumentException("not a covariance: pivot " + row[j]);
      }
      double root = Math.sqrt(row[j]);
      for (int i = 0; i < j; i++) {
        row[i] /= root;
      }
      row[j] = root;
      for (int i = 0; i < j; i++) {
        double factor = row[i];
        double[] above = h[i];
        for (int k = 0; k <= i; k++) {
          above[k] -= factor * row[k];
        }
      }
    }
  }

  /** Row i: what each later weight j takes of the error of weight i, at j − i − 1. */
  private static double[][] spread(double[][] s) {
    double[][] spread = new double[s.length][];
    for (int i = 0; i < s.length; i++) {
      spread[i] = new double[s.length - 1 - i];
      for (int j = i + 1; j < s.length; j++) {
        spread[i][j - i - 1] = s[j][i] / s[j][j];
      }
    }
    return spread;
  }

  /**
   * Rounds the weights one by one, each within what is left of a budget, which it uses up.
   *
   * @param wanted real weights in units of the scale, [K]
   */
  int[] round(double[] wanted, Budget budget) {
    int terms = order.length;
    double[] left = new double[terms];
    for (int i = 0; i < terms; i++) {
      left[i] = wanted[order[i]];
    }
    int[] weights = new int[terms];
    for (int i = 0; i < terms; i++) {
      int term = order[i];
      int value = budget.nearest(term, left[i]);
      budget.take(term, value);
      weights[term] = value;
      double error = wanted[term] - value;
      double[] row = spread[i];
      for (int j = 0; j < row.length; j++) {
        left[i + 1 + j] += error * row[j];
      }
    }
    return weights;
  }

  /**
   * {@link #round} for several channels, or several scales of them, side by side: the same
   * integers.
   *
   * @param wanted [lanes][K]
   * @param budgets of the lanes, used up
   * @param errors gets (w − q)ᵀ C (w − q) of each lane, in squared units of its scale, up to
   *     rounding
   * @return [lanes][K]
   */
  int[][] roundAll(double[][] wanted, Budget[] budgets, double[] errors) {
    int terms = order.length;
    int lanes = wanted.length;
    double[] left = new double[terms * lanes]; // [K][lanes]
    for (int i = 0; i < terms; i++) {
      for (int lane = 0; lane < lanes; lane++) {
        left[i * lanes + lane] = wanted[lane][order[i]];
      }
    }
    Arrays.fill(errors, 0);
    int[][] weights = new int[lanes][terms];
    double[] off = new double[BLOCK * lanes]; // [BLOCK][lanes]
    for (int first = 0; first < terms; first += BLOCK) {
      int end = Math.min(terms, first + BLOCK);
      for (int i = first; i < end; i++) {
        int term = order[i];
        spread(left, off, first, i, i + 1, lanes);
        for (int lane = 0; lane < lanes; lane++) {
          double best = left[i * lanes + lane];
          int value = budgets[lane].nearest(term, best);
          budgets[lane].take(term, value);
          weights[lane][term] = value;
          off[(i - first) * lanes + lane] = wanted[lane][term] - value;
          double root = roots[i] * (best - value);
          double change = wanted[lane][term] - value;
          errors[lane] += root * root - damping * change * change;
        }
      }
      for (int j = end; j < terms; j++) {
        spread(left, off, first, end, j + 1, lanes);
      }
    }
    return weights;
  }

  /** Gives weight {@code behind} − 1 what the rounding of some before it left, in their order. */
  private void spread(double[] left, double[] off, int first, int end, int behind, int lanes) {
    int at = (behind - 1) * lanes;
    for (int i = first; i < end; i++) {
      double factor = spread[i][behind - 2 - i];
      int from = (i - first) * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        left[at + lane] += off[from + lane] * factor;
      }
    }
  }
}
