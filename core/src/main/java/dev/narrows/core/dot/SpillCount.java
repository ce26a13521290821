package dev.narrows.core.dot;

/**
 * How often spilling registers spilled. Counts of disjoint sets of dot products add.
 *
 * @param dots dot products
 * @param spilling dot products that spilled at least once: those that are not {@link
 *     OverflowClass#CLEAN} at the width of the narrow register
 * @param spills over all of them
 */
public record SpillCount(long dots, long spilling, long spills) {
  private static final SpillCount NONE = new SpillCount(0, 0, 0);

  /** Of no dot product. */
  public static SpillCount none() {
    return NONE;
  }

  /** Of dot products that did not spill. */
  public static SpillCount clean(long dots) {
    return new SpillCount(dots, 0, 0);
  }

  /** Of one dot product. */
  public static SpillCount of(SpillOutcome outcome) {
    return new SpillCount(1, outcome.spills() > 0 ? 1 : 0, outcome.spills());
  }

  /** The counts of both. */
  public SpillCount plus(SpillCount other) {
    return new SpillCount(dots + other.dots, spilling + other.spilling, spills + other.spills);
  }
}
