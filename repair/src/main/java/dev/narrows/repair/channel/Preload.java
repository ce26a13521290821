package dev.narrows.repair.channel;

/** What is in a channel's register before the first product. */
@FunctionalInterface
public interface Preload {
  /** Nothing: the bias is added afterwards. */
  Preload NONE = (weights, scale) -> 0;

  /**
   * The integer that a register begins with once the channel has these weights: the corrected bias
   * in their units, and a zero point's share where the register multiplies stored codes.
   *
   * @param weights q, [K]
   * @param scale of the weights
   */
  long of(int[] weights, double scale);
}
