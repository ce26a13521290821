package dev.narrows.benchmarks;

import java.util.Arrays;

/**
 * How long some work took, in turns with all other work of the run.
 *
 * @param best nanoseconds of the fastest of all calls: other programs only ever add time
 * @param median of the fastest calls of each round
 */
record Timing(double best, double median) {
  /**
   * @param rounds the least nanoseconds of each round, at least one
   */
  static Timing of(double[] rounds) {
    double[] sorted = rounds.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Timing(sorted[0], median);
  }

  /** How much longer the median round took than the best, as a share of the best. */
  double spread() {
    return median / best - 1;
  }
}
