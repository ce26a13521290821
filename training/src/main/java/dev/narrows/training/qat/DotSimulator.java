package dev.narrows.training.qat;

/** Sums dot products in an accumulator's own arithmetic. */
public interface DotSimulator {
  /**
   * Packs the weights of a layer, or of one group of it.
   *
   * @param weights row-major [channels][terms], terms in flattening order (kernel row, kernel
   *     column, input channel)
   */
  Product prepare(int channels, int terms, int[] weights);

  /** A layer's dot products; thread-safe. */
  interface Product {
    /**
     * Sums a block of dot products.
     *
     * @param inputs row-major [rows][terms]
     * @param results out, row-major [rows][channels]: what each register holds in the end
     */
    void sum(int rows, int[] inputs, float[] results);
  }
}
