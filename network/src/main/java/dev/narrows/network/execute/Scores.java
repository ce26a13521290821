package dev.narrows.network.execute;

/**
 * Class scores read as a choice: the likeliest class, and how surprising another is. Scores of
 * several places lie side by side: class c is at {@code from + c·step}.
 */
public final class Scores {
  private Scores() {}

  /** The class with the largest score, the lowest on a tie. */
  public static int best(float[] scores, int from, int step, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = scores[from + c * step] > scores[from + best * step] ? c : best;
    }
    return best;
  }

  /**
   * −ln p of a class by the softmax of the scores; logarithm and exponentials in binary64 by {@link
   * StrictMath}, summed by ascending class.
   */
  public static double nats(float[] scores, int from, int step, int classes, int label) {
    double most = scores[from + best(scores, from, step, classes) * step];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(scores[from + c * step] - most);
    }
    return most + StrictMath.log(sum) - scores[from + label * step];
  }
}
