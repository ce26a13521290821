package dev.narrows.data;

/** The order in which an epoch visits the training set: a pure function of seed and epoch. */
public final class EpochOrder {
  // Keeps the order's draws apart from the augmentation's under the same seed and epoch.
  private static final long PURPOSE = 0x6f72646572L;

  private EpochOrder() {}

  /**
   * A random permutation of 0 to count − 1 (Fisher–Yates).
   *
   * @param seed the run's seed
   * @param epoch counted from 0
   * @param count the size of the training set, ≥ 0
   */
  public static int[] shuffle(long seed, int epoch, int count) {
    return permutation(CounterRandom.of(seed, PURPOSE, epoch), count);
  }

  static int[] permutation(CounterRandom random, int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      // Inside-out: element i goes to a random place among the first i + 1.
      int place = random.below(i + 1, i);
      order[i] = order[place];
      order[place] = i;
    }
    return order;
  }
}
