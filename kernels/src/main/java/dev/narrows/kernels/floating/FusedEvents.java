package dev.narrows.kernels.floating;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.format.OperandFormat;

/**
 * What happens to the sums of a panel in registers of matrix hardware: in tiles, which count, and
 * to operands, which the terms' counts of zeros and of operands beyond the format tell.
 */
final class FusedEvents {
  static final int CUTS = 0;
  static final int SWAMPS = 1;
  static final int SUM_CUTS = 2;
  static final int UNDERFLOWS = 3;
  static final int OVERFLOWS = 4;
  private static final int PLACES = 5;

  private final long[] counts = new long[PLACES];
  private long flushed; // products
  private long beyond;

  /** Where tiles add. */
  long[] counts() {
    return counts;
  }

  /**
   * Notes the products of one term.
   *
   * @param weights of all channels
   * @param inputs of all columns
   */
  void note(TermCounts weights, TermCounts inputs) {
    flushed += (long) weights.given * inputs.given - (long) weights.kept * inputs.kept;
    beyond +=
        (long) weights.all * inputs.all
            - (long) (weights.all - weights.beyond) * (inputs.all - inputs.beyond);
  }

  /** How many operands of a term are not zero, before and after rounding, and beyond the format. */
  static final class TermCounts {
    private int all;
    private int given;
    private int kept;
    private int beyond;

    void take(OperandFormat format, float value, int scaling, float operand) {
      all++;
      given += value == 0 ? 0 : 1;
      kept += operand == 0 ? 0 : 1;
      beyond += format.overflows(Math.scalb(value, scaling)) ? 1 : 0;
    }
  }

  /**
   * The events of a number of dot products.
   *
   * @param joins additions to the sum in binary32, of each
   */
  FloatEvents of(long dots, int terms, int joins) {
    return new FloatEvents(
        dots * terms,
        flushed,
        beyond,
        dots * (terms + joins),
        counts[UNDERFLOWS],
        counts[OVERFLOWS],
        counts[SWAMPS],
        counts[CUTS],
        counts[SUM_CUTS]);
  }
}
