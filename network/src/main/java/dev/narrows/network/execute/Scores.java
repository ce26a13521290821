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

  /**
   * {@link #best} and {@link #nats} of several places at once, the same bits.
   *
   * @param scores [classes][columns], from the array's beginning
   * @param labels of each column
   * @param nats gets a number for each column, from {@code to}
   * @param likeliest gets a class for each column, from {@code to}
   */
  public static void read(
      float[] scores,
      int columns,
      int classes,
      int[] labels,
      double[] nats,
      int[] likeliest,
      int to) {
    float[] most = new float[columns];
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < columns; j++) {
        float score = scores[c * columns + j];
        if (c == 0 || score > most[j]) {
          most[j] = score;
          likeliest[to + j] = c;
        }
      }
    }
    double[] sums = new double[columns];
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += StrictMath.exp(scores[c * columns + j] - (double) most[j]);
      }
    }
    for (int j = 0; j < columns; j++) {
      nats[to + j] = most[j] + StrictMath.log(sums[j]) - scores[labels[j] * columns + j];
    }
  }
}
