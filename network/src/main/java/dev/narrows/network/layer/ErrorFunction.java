package dev.narrows.network.layer;

/**
 * erf and erfc in binary64, to about twelve digits, the same bits everywhere: the series 2/√π ·
 * e^−x² · Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n + 1)) near zero, whose terms are all of one sign, and beyond it the
 * continued fraction of erfc.
 *
 * @see <a href="https://dlmf.nist.gov/7.6.E2">DLMF 7.6.2 and 7.9.1</a>
 */
final class ErrorFunction {
  private static final double TWO_BY_ROOT_PI = 1.1283791670955126;
  private static final double NEAR = 3;
  private static final double FAR = 28; // from where erfc is zero in binary64
  private static final int STEPS = 60; // of the fraction, which needs fewer from NEAR on

  private ErrorFunction() {}

  /** erf x; NaN for NaN. */
  static double of(double x) {
    double size = Math.abs(x);
    return size < NEAR ? series(x) : Math.copySign(1 - tail(size), x);
  }

  /** erfc x = 1 − erf x, as precise where it is small. */
  static double complement(double x) {
    double size = Math.abs(x);
    if (size < NEAR) {
      return 1 - series(x);
    }
    return x < 0 ? 2 - tail(size) : tail(size);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; sum + term != sum; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_BY_ROOT_PI * StrictMath.exp(-x * x) * sum;
  }

  /** erfc x for x ≥ NEAR: e^−x²/√π / (x + ½/(x + 1/(x + 3⁄2/(x + …)))). */
  private static double tail(double x) {
    if (x >= FAR) {
      return 0;
    }
    double fraction = x;
    for (int n = STEPS; n > 0; n--) {
      fraction = x + n / (2 * fraction);
    }
    return TWO_BY_ROOT_PI / 2 * StrictMath.exp(-x * x) / fraction;
  }
}
