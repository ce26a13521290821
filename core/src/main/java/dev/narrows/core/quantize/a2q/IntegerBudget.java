package dev.narrows.core.quantize.a2q;

/**
 * The last word on a channel's integers: their positive and their negative side must fit the
 * register. What the real-valued formula promises can be lost to rounding errors, for example where
 * weights are nearly equal and centring leaves little but errors.
 *
 * @see "docs/training.md, equation (19)"
 */
final class IntegerBudget {
  private IntegerBudget() {}

  /**
   * Lowers magnitudes, always the largest of the larger side (the first of equals), until the
   * channel is safe.
   *
   * @param positive sum of the positive codes
   * @param negative sum of the negative codes' magnitudes
   * @return by how much the magnitudes fell in all
   */
  static long enforce(
      NormLimit limit, int[] codes, int from, int terms, long positive, long negative) {
    long lowered = 0;
    long up = positive;
    long down = negative;
    while (!limit.holds(up, down)) {
      int sign = up >= down ? 1 : -1;
      int at = from;
      for (int k = from; k < from + terms; k++) {
        at = codes[k] * sign > codes[at] * sign ? k : at;
      }
      codes[at] -= sign;
      up -= sign > 0 ? 1 : 0;
      down -= sign < 0 ? 1 : 0;
      lowered++;
    }
    return lowered;
  }
}
