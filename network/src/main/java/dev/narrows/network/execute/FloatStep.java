package dev.narrows.network.execute;

/** A step that sums real numbers in a register. */
interface FloatStep extends Step {
  /** Its sums, which can be metered. */
  FloatLayerSums sums();
}
