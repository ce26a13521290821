package dev.narrows.training.register;

import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.kernels.Weights;
import dev.narrows.training.qat.DotSimulator;

/** Sums dot products with the kernels, in any accumulator and order; bias is added afterwards. */
public record KernelSimulator(Summation summation) implements DotSimulator {
  private static final int[] NO_PRELOAD = {};

  @Override
  public Product prepare(int channels, int terms, int[] weights) {
    MatrixProduct product = new MatrixProduct(Weights.of(channels, terms, weights));
    return (rows, inputs, results) -> {
      Columns columns = new Columns(terms, rows);
      columns.shape(terms, rows);
      int[] values = columns.values();
      int stride = columns.stride();
      for (int row = 0; row < rows; row++) {
        for (int k = 0; k < terms; k++) {
          values[k * stride + row] = inputs[row * terms + k];
        }
      }
      columns.sealed();
      int[] sums = new int[channels * rows];
      product.multiply(summation, columns, NO_PRELOAD, sums, 0, rows);
      for (int c = 0; c < channels; c++) {
        for (int row = 0; row < rows; row++) {
          results[row * channels + c] = sums[c * rows + row];
        }
      }
    };
  }
}
