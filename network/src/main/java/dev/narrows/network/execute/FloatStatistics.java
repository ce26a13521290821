package dev.narrows.network.execute;

import dev.narrows.core.dot.FloatEvents;

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
  /** The layer's name. */
  public String layer() {
    return register.layer();
  }

  /** 10·log₁₀(signal / noise); infinite where all sums are exact, NaN where all are 0 besides. */
  public double decibels() {
    return 10 * StrictMath.log10(signal / noise);
  }
}
