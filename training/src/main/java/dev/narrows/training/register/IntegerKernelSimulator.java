package dev.narrows.training.register;

import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.training.qat.DotSimulator;

/**
 * Sums dot products with the kernels, in any accumulator and order; bias is added afterwards.
 *
 * @see "docs/training.md, What a register passes backward"
 */
public record IntegerKernelSimulator(Summation summation) implements DotSimulator<int[]> {
  private static final int[] NO_PRELOAD = {};

  @Override
  public Dots<int[]> prepare(int channels, int terms, int[] weights) {
    MatrixProduct product = new MatrixProduct(IntegerWeights.of(channels, terms, weights));
    return rows -> new ColumnBlock(summation, product, terms, rows);
  }

  private static final class ColumnBlock implements DotBlock<int[]> {
    private final Summation summation;
    private final MatrixProduct product;
    private final Columns columns;

    ColumnBlock(Summation summation, MatrixProduct product, int terms, int rows) {
      this.summation = summation;
      this.product = product;
      this.columns = new Columns(terms, rows);
      columns.shape(terms, rows);
    }

    @Override
    public int[] inputs() {
      return columns.values();
    }

    @Override
    public int stride() {
      return columns.stride();
    }

    @Override
    public void sum(int[] results) {
      columns.sealed();
      product.multiply(summation, columns, NO_PRELOAD, results, 0, columns.columns());
    }
  }
}
