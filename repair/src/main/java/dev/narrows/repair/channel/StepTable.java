package dev.narrows.repair.channel;

/**
 * What a step of 1 up or down at each weight changes the error by, for each thing that the step
 * before it may have done to the budget; infinite where the budget cannot allow it then. It only
 * sorts out what cannot be: {@link Budget#allows} decides.
 */
final class StepTable {
  /** What the first step of two does to the budget. */
  enum First {
    /** Takes what there is: a second step must have room by itself. */
    TAKES,
    /** Gives a positive unit back. */
    FREES_POSITIVE,
    /** Gives a negative unit back. */
    FREES_NEGATIVE,
    /** Lacks room for a positive unit: the second must free one. */
    LACKS_POSITIVE,
    /** Lacks room for a negative unit. */
    LACKS_NEGATIVE
  }

  private static final First[] FIRSTS = First.values();

  private final double[][] up;
  private final double[][] down;

  StepTable(int terms) {
    this.up = new double[FIRSTS.length][terms];
    this.down = new double[FIRSTS.length][terms];
  }

  /** What a step up changes the error by, [K]. */
  double[] up(First first) {
    return up[first.ordinal()];
  }

  /** What a step down changes the error by, [K]. */
  double[] down(First first) {
    return down[first.ordinal()];
  }

  /**
   * Which case a step is.
   *
   * @param d 1 or −1
   */
  static First first(int term, int weight, int d, Budget budget) {
    if (d > 0) {
      return weight < 0
          ? First.FREES_NEGATIVE
          : budget.hasRoom(term, true) ? First.TAKES : First.LACKS_POSITIVE;
    }
    return weight > 0
        ? First.FREES_POSITIVE
        : budget.hasRoom(term, false) ? First.TAKES : First.LACKS_NEGATIVE;
  }

  /**
   * Sets a weight's entries.
   *
   * @param slope of the error along the weight's integer
   * @param curvature what a step adds to that either way
   */
  void set(int term, int weight, double slope, double curvature, Budget budget) {
    boolean both = budget.isTwoSided();
    double raise = curvature + slope;
    double lower = curvature - slope;
    if (!budget.isCode(weight + 1)) {
      raise = Double.POSITIVE_INFINITY;
    }
    if (!budget.isCode(weight - 1)) {
      lower = Double.POSITIVE_INFINITY;
    }
    boolean takesPositive = weight >= 0;
    boolean takesNegative = weight <= 0;
    boolean positive = !takesPositive || budget.hasRoom(term, true);
    boolean negative = !takesNegative || budget.hasRoom(term, false);
    put(First.TAKES, term, raise, positive, lower, negative);
    put(First.FREES_POSITIVE, term, raise, true, lower, negative || both);
    put(First.FREES_NEGATIVE, term, raise, positive || both, lower, true);
    put(First.LACKS_POSITIVE, term, raise, !takesPositive && both, lower, !takesNegative);
    put(First.LACKS_NEGATIVE, term, raise, !takesPositive, lower, !takesNegative && both);
  }

  private void put(
      First first, int term, double raise, boolean raises, double lower, boolean lowers) {
    up[first.ordinal()][term] = raises ? raise : Double.POSITIVE_INFINITY;
    down[first.ordinal()][term] = lowers ? lower : Double.POSITIVE_INFINITY;
  }
}
