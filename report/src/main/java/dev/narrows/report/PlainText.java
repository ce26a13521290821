package dev.narrows.report;

import java.util.Locale;

/** Sentences with figures in them. */
public final class PlainText {
  private PlainText() {}

  /** {@link String#format} that writes numbers alike on every machine, whatever its language. */
  public static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
