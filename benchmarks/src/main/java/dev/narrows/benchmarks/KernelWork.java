package dev.narrows.benchmarks;

/** A product that can be made again and again; belongs to one thread. */
interface KernelWork {
  /** Makes the product. */
  void run();

  /**
   * Makes it once more and compares every output with core's reference.
   *
   * @throws IllegalStateException if one differs
   */
  void check();

  /** Whether {@link #check} compares anything; what has an order of its own is not compared. */
  default boolean comparable() {
    return true;
  }
}
