package dev.narrows.experiments.evaluate;

import dev.narrows.report.Interval;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Losses of a text in blocks of neighbouring predictions, which hang together: so blocks, not
 * predictions, are what a sample is made of. Intervals are those of the percentile bootstrap: 95 %
 * of the means of as many blocks drawn with replacement, always the same draws.
 */
final class TextBlocks {
  /** Predictions of a block. */
  static final int SIZE = 128;

  /** With fewer blocks no interval is told. */
  static final int LEAST = 8;

  private static final int DRAWS = 2000;
  private static final double TAIL = 0.025;
  private static final long SEED = 1;

  private TextBlocks() {}

  /** How many whole blocks there are; what is left over joins the last. */
  static int count(int predictions) {
    return predictions / SIZE;
  }

  /** Where the mean of numbers, one for each prediction, may lie; empty if there are too few. */
  static Optional<Interval> ofMean(double[] numbers) {
    int blocks = count(numbers.length);
    if (blocks < LEAST) {
      return Optional.empty();
    }
    double[] sums = new double[blocks];
    int[] sizes = new int[blocks];
    for (int i = 0; i < numbers.length; i++) {
      int block = Math.min(i / SIZE, blocks - 1);
      sums[block] += numbers[i];
      sizes[block]++;
    }
    Random random = new Random(SEED);
    double[] means = new double[DRAWS];
    for (int d = 0; d < DRAWS; d++) {
      double sum = 0;
      long size = 0;
      for (int i = 0; i < blocks; i++) {
        int block = random.nextInt(blocks);
        sum += sums[block];
        size += sizes[block];
      }
      means[d] = sum / size;
    }
    Arrays.sort(means);
    int outside = (int) (TAIL * DRAWS);
    return Optional.of(new Interval(means[outside], means[DRAWS - 1 - outside]));
  }

  /** {@link #ofMean} of the differences of two losses of the same predictions. */
  static Optional<Interval> ofDifference(double[] losses, double[] others) {
    double[] differences = new double[losses.length];
    Arrays.setAll(differences, i -> losses[i] - others[i]);
    return ofMean(differences);
  }
}
