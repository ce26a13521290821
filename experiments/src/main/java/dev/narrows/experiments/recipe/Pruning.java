package dev.narrows.experiments.recipe;

/**
 * Iterative N:M magnitude pruning: keep N of every M consecutive weights along K, per output
 * channel. The kept count falls from M to N in equal steps over the phase.
 *
 * @param keep N, 1 to M − 1
 * @param group M, 2 to 1024
 * @param steps in how many steps the kept count falls, 1 to M − N
 */
public record Pruning(int keep, int group, int steps) {
  /**
   * The kept count while a share of the phase is done.
   *
   * @param step steps taken so far, 0 to {@code total} − 1
   * @param total steps of the phase
   * @return M − ⌊(M − N)·j / steps⌋ where j = 1..steps counts the equal parts of the phase begun so
   *     far, so that the last part trains at N
   */
  public int keptAt(long step, long total) {
    long part = Math.min(steps, 1 + step * steps / Math.max(1, total));
    return (int) (group - (group - keep) * part / steps);
  }
}
