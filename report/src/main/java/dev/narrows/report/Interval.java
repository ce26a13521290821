package dev.narrows.report;

/**
 * Where an accuracy that was measured on some of all images may lie: the 95 % interval, in percent.
 */
public record Interval(double low, double high) {
  /** Both ends with two decimals, as tables print them. */
  public String text() {
    return Table.percent(low) + ".." + Table.percent(high);
  }
}
