package dev.narrows.experiments.recipe;

import dev.narrows.core.prune.NmSchedule;

/**
 * Iterative magnitude pruning, N of M. The kept count falls from M to N in equal steps over the
 * phase.
 *
 * @param keep N, 1 to M − 1
 * @param group M, 2 to 1024
 * @param steps in how many steps the kept count falls, 1 to M − N
 */
public record Pruning(int keep, int group, int steps, Structure structure) {
  /** What a recipe means that says no more: weights, in up to four steps. */
  public static Pruning of(int keep, int group) {
    return new Pruning(keep, group, Math.min(4, group - keep), Structure.WEIGHTS);
  }

  /** The same of another structure. */
  public Pruning withStructure(Structure other) {
    return new Pruning(keep, group, steps, other);
  }

  /** What is kept or dropped as one. */
  public enum Structure {
    /** N of every M consecutive weights along K, per output channel: stored packed. */
    WEIGHTS,
    /**
     * Whole output channels, the share N/M of each layer, rounded up: those of largest ℓ1 norm
     * stay. A dropped filter gives a constant, what its batch norm makes of zero.
     */
    FILTERS
  }

  /**
   * The kept count at a step of the phase.
   *
   * @param step steps taken so far, 0 to {@code total} − 1
   * @param total steps of the phase, ≥ 1
   */
  public int keptAt(long step, long total) {
    return new NmSchedule(keep, group, steps).keptAt(step, total);
  }
}
