package dev.narrows.core.dot;

/**
 * How a dot product fares in a register of a given width, in a given order.
 *
 * @see "docs/accumulators.md, Writes and classes"
 */
public enum OverflowClass {
  /** Every write fits. */
  CLEAN,
  /** The final sum fits, a write on the way to it does not: another order may help. */
  TRANSIENT,
  /** The final sum does not fit: no order can help. */
  PERSISTENT
}
