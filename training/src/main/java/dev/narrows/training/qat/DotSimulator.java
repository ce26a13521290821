package dev.narrows.training.qat;

/**
 * Sums dot products in an accumulator's own arithmetic and says where a gradient passes. Must be
 * thread-safe.
 */
public interface DotSimulator {
  /**
   * Sums a block of dot products.
   *
   * @param inputs row-major [rows][terms], terms in flattening order (kernel row, kernel column,
   *     input channel)
   * @param weights row-major [channels][terms]
   * @param results out, row-major [rows][channels]: the sum that each register holds in the end
   * @param passes out, row-major [rows][channels]: what the gradient of that sum is multiplied by,
   *     1 or 0
   */
  void sum(
      int rows,
      int terms,
      int channels,
      int[] inputs,
      int[] weights,
      float[] results,
      float[] passes);
}
