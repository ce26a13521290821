package dev.narrows.experiments.reproduce.figure;

import dev.narrows.report.ReproductionResult.Point;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One figure from several seeds.
 *
 * @param low the least
 * @param high the greatest
 * @param count how many there are, ≥ 1
 */
public record Spread(double mean, double low, double high, int count) {
  /**
   * The spread of a figure over what several seeds gave.
   *
   * @throws IllegalArgumentException of nothing
   */
  public static <T> Spread of(Iterable<T> runs, ToDoubleFunction<T> figure) {
    double sum = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int count = 0;
    for (T run : runs) {
      double value = figure.applyAsDouble(run);
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count++;
    }
    if (count == 0) {
      throw new IllegalArgumentException("a spread needs at least one figure");
    }
    return new Spread(sum / count, low, high, count);
  }

  /** {@code 45.88 (44.10 to 47.30)}, the mean alone of one or equal figures. */
  public String text() {
    return low == high
        ? number(mean)
        : number(mean) + " (" + number(low) + " to " + number(high) + ")";
  }

  /** The point of a chart. */
  public Point at(double x) {
    return count == 1 ? Point.of(x, mean) : new Point(x, mean, Optional.of(low), Optional.of(high));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
