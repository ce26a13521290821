package dev.narrows.benchmarks;

/**
 * The size of a product.
 *
 * @param terms K
 */
record KernelShape(int channels, int terms, int columns) {
  /** What is measured: a layer of ResNet-20's size that fits the second-level cache. */
  static final KernelShape MEASURED = new KernelShape(256, 576, 256);

  /** What is compared with the reference, dot product by dot product. */
  static final KernelShape CHECKED = new KernelShape(8, 576, 48);

  /** The same in less time, for a look at a machine. */
  static final KernelShape GLANCED = new KernelShape(8, 150, 48);

  long multiplications() {
    return (long) channels * terms * columns;
  }
}
