package dev.narrows.network.execute;

import dev.narrows.core.dot.FloatEvents;
import java.util.ArrayList;
import java.util.List;

/**
 * What a floating register did to the sums of one layer in a run, beside exact sums of the same
 * operands.
 *
 * @param terms K
 * @param events counts over all sums
 * @param signal Σ e² over all exact sums e
 * @param noise Σ (s − e)² over all sums s
 */
public record FloatStatistics(
    LayerRegister register, int terms, FloatEvents events, double signal, double noise) {
  /**
   * Statistics from those of each image, added in the order of the images.
   *
   * @param signal [images]
   * @param noise [images]
   */
  public static FloatStatistics of(
      LayerRegister register, int terms, FloatEvents events, double[] signal, double[] noise) {
    return new FloatStatistics(register, terms, events, sum(signal), sum(noise));
  }

  private static double sum(double[] values) {
    double sum = 0; // a stream's sum may be regrouped
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * Two runs of the same layers together; K is the larger one.
   *
   * @param some of one run, layer by layer; empty before the first
   */
  public static List<FloatStatistics> plus(List<FloatStatistics> some, List<FloatStatistics> more) {
    List<FloatStatistics> all = new ArrayList<>();
    for (int i = 0; i < more.size(); i++) {
      all.add(some.isEmpty() ? more.get(i) : some.get(i).plus(more.get(i)));
    }
    return all;
  }

  private FloatStatistics plus(FloatStatistics more) {
    return new FloatStatistics(
        register,
        Math.max(terms, more.terms),
        events.plus(more.events),
        signal + more.signal,
        noise + more.noise);
  }

  /** The layer's name. */
  public String layer() {
    return register.layer();
  }

  /** 10·log₁₀(signal / noise); infinite where all sums are exact, NaN where all are 0 besides. */
  public double decibels() {
    return 10 * StrictMath.log10(signal / noise);
  }
}
