package dev.narrows.core.prune;

/**
 * Iterative N:M pruning: the kept count of each group of M falls from M to N in equal steps, and
 * the mask is chosen anew at each. Training is cut into {@code steps} equal parts; part j = 1 …
 * steps keeps M − ⌊(M − N)·j / steps⌋, so the last part trains at N and freezes its mask.
 *
 * @param keep N, 1 … M
 * @param group M
 * @param steps how often the kept count falls, at least 1
 * @see "docs/training.md, equation (26)"
 */
public record NmSchedule(int keep, int group, int steps) {
  public NmSchedule {
    NmPruning.requireRatio(keep, group);
    if (steps < 1) {
      throw new IllegalArgumentException("need at least one pruning step, got " + steps);
    }
  }

  /**
   * The kept count in force during an epoch (or any other unit of time).
   *
   * @param epoch 0 … epochs − 1; later ones stay at N
   * @param epochs how many there are; with fewer than {@code steps} of them some steps coincide,
   *     and the last epoch is at N all the same
   */
  public int keptAt(long epoch, long epochs) {
    if (epoch < 0 || epochs < 1) {
      throw new IllegalArgumentException(
          "need epoch >= 0 of at least one, got %d of %d".formatted(epoch, epochs));
    }
    if (epoch >= epochs - 1) {
      return keep;
    }
    long part = 1 + Math.multiplyExact(epoch, (long) steps) / epochs;
    return group - (int) ((long) (group - keep) * part / steps);
  }

  /** Whether the mask is chosen anew when {@code epoch} begins. */
  public boolean changesAt(long epoch, long epochs) {
    return epoch == 0 || keptAt(epoch, epochs) != keptAt(epoch - 1, epochs);
  }
}
