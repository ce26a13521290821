package dev.narrows.report;

import java.util.Locale;

/**
 * Two accumulators on the same images: the exact test of McNemar. Images that both get right, or
 * both wrong, say nothing about which is better.
 *
 * @param first in text form
 * @param second in text form
 * @param onlyFirst images that only the first gets right
 * @param onlySecond images that only the second gets right
 * @param p the probability of a split at least as uneven, if neither were better; two-sided
 */
public record Comparison(String first, String second, int onlyFirst, int onlySecond, double p) {
  /** A p-value for people: four decimals, and how small it is where they would show zeros. */
  static String probability(double p) {
    return p >= 0.0001 || p == 0 ? Table.decimals(p) : String.format(Locale.ROOT, "%.1e", p);
  }
}
