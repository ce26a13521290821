package dev.narrows.experiments.evaluate;

import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.FloatingFormat;
import java.util.OptionalInt;
import java.util.Random;

/**
 * The variance retention ratio of Sakr et al. (arXiv 1901.06588): the variance of sums in a
 * register of m mantissa bits over that of ideal sums. Small terms are lost in a large register
 * (swamping), and variance with them, so the ratio tells how many mantissa bits an accumulation of
 * K terms needs.
 *
 * <p>The paper has a closed form. Here the ratio is measured by its definition, on the same terms
 * in both sums: independent standard normal numbers, rounded to nearest even after every addition,
 * with as wide an exponent as binary32 has. The criterion, e^(K·(1 − ratio)) below 50, is the
 * paper's as far as we recall it.
 */
final class VarianceRetention {
  private static final int SAMPLES = 4096;
  private static final long SEED = 20190106;
  private static final double LIMIT = 50;
  private static final int MOST = 23;

  private VarianceRetention() {}

  /**
   * The fewest mantissa bits that keep the variance of sums of {@code terms} terms.
   *
   * @return empty for orders that depend on the terms, and where 23 bits do not suffice
   */
  static OptionalInt mantissa(int terms, SummationOrder order) {
    OptionalInt consecutive = order.consecutive(terms);
    if (consecutive.isEmpty()) {
      return OptionalInt.empty();
    }
    int chunk = Math.max(1, consecutive.getAsInt());
    int low = 1;
    int high = MOST + 1; // does not suffice, or is not known to
    while (low < high) {
      int middle = (low + high) / 2;
      if (terms * (1 - ratio(terms, chunk, middle)) < Math.log(LIMIT)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low > MOST ? OptionalInt.empty() : OptionalInt.of(low);
  }

  /** The ratio for sums of {@code terms} terms in chunks. */
  static double ratio(int terms, int chunk, int mantissaBits) {
    FloatingFormat format = new FloatingFormat(mantissaBits, 8, 127);
    Random random = new Random(SEED);
    double kept = 0;
    double ideal = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      float total = 0;
      double exact = 0;
      for (int first = 0; first < terms; first += chunk) {
        float register = 0;
        for (int k = first; k < Math.min(terms, first + chunk); k++) {
          float term = (float) random.nextGaussian();
          exact += term;
          register = format.roundToNearestEven(register + term);
        }
        total = format.roundToNearestEven(total + register);
      }
      kept += (double) total * total;
      ideal += exact * exact;
    }
    return ideal == 0 ? 1 : kept / ideal;
  }
}
