package dev.narrows.experiments.evaluate;

import dev.narrows.report.Comparison;
import dev.narrows.report.Interval;
import java.math.BigInteger;

/**
 * What accuracies measured on some images say of all images, taking the images as independent
 * draws.
 */
public final class Significance {
  /** The normal distribution holds 95 % between −z and z. */
  private static final double Z = 1.959963984540054;

  private Significance() {}

  /**
   * The 95 % interval of an accuracy by Wilson's score method: the shares p for which the measured
   * one is less than z standard deviations √(p(1 − p)/n) away. Unlike p̂ ± z·√(p̂(1 − p̂)/n) it
   * stays inside [0, 100] and is no point where all images are right.
   *
   * @param correct 0 to {@code images}
   * @param images at least 1
   * @return in percent
   * @see "Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927"
   */
  public static Interval wilson(long correct, long images) {
    if (images < 1 || correct < 0 || correct > images) {
      throw new IllegalArgumentException(
          "need 0 <= correct <= images and images >= 1, got %d of %d".formatted(correct, images));
    }
    double share = (double) correct / images;
    double z2 = Z * Z / images;
    double centre = (share + z2 / 2) / (1 + z2);
    double half = Math.sqrt(share * (1 - share) * z2 + z2 * z2 / 4) / (1 + z2);
    // at the ends they are 0 and 1 but for rounding
    double low = correct == 0 ? 0 : centre - half;
    double high = correct == images ? 1 : centre + half;
    return new Interval(100 * low, 100 * high);
  }

  /** {@link #wilson(long, long)} of predictions. */
  public static Interval wilson(int[] predictions, int[] labels) {
    long correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += predictions[i] == labels[i] ? 1 : 0;
    }
    return wilson(correct, labels.length);
  }

  /**
   * Two accumulators on the same images by McNemar's exact test.
   *
   * @param one predictions of the accumulator called {@code first}
   * @param other predictions of the accumulator called {@code second}
   */
  public static Comparison compared(
      String first, int[] one, String second, int[] other, int[] labels) {
    int onlyFirst = 0;
    int onlySecond = 0;
    for (int i = 0; i < labels.length; i++) {
      boolean right = one[i] == labels[i];
      boolean otherRight = other[i] == labels[i];
      onlyFirst += right && !otherRight ? 1 : 0;
      onlySecond += otherRight && !right ? 1 : 0;
    }
    return new Comparison(first, second, onlyFirst, onlySecond, mcNemar(onlyFirst, onlySecond));
  }

  /**
   * The two-sided p-value of McNemar's exact test: were neither better, each image that only one
   * gets right would be either's with probability ½, so
   *
   * <pre>p = min(1, 2 · Σ_{i ≤ min(b, c)} C(b + c, i) / 2^(b + c))</pre>
   *
   * <p>summed in integers, and rounded once.
   *
   * @param b images that only one gets right
   * @param c images that only the other gets right
   * @see "McNemar, Note on the sampling error of the difference between correlated proportions,
   *     Psychometrika 1947; the exact form is the sign test"
   */
  static double mcNemar(int b, int c) {
    int n = b + c;
    BigInteger ways = BigInteger.ONE;
    BigInteger sum = BigInteger.ONE;
    for (int i = 1; i <= Math.min(b, c); i++) {
      ways = ways.multiply(BigInteger.valueOf(n - i + 1)).divide(BigInteger.valueOf(i));
      sum = sum.add(ways);
    }
    int spare = Math.max(0, sum.bitLength() - 1000); // stays inside a double's range
    return Math.min(1, Math.scalb(sum.shiftRight(spare).doubleValue(), spare - n + 1));
  }
}
