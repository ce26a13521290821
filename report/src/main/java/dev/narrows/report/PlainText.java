package dev.narrows.report;

import java.util.Locale;

/** Sentences with figures in them. */
public final class PlainText {
  private PlainText() {}

  /** {@link String#format} that writes numbers alike on every machine, whatever its language. */
  public static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A number of any size in a few characters. */
  public static String figure(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : text("%.4g", value);
  }
}
