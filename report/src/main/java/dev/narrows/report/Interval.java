package dev.narrows.report;

/**
 * Where what was measured on a sample may lie: the 95 % interval, of an accuracy or of a change in
 * percent.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {
  /** Both ends with two decimals, as tables print them. */
  public String text() {
    return Table.percent(low) + ".." + Table.percent(high);
  }
}
