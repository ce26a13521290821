package dev.narrows.training.register;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.training.qat.MaskedSimulator;
import java.util.Arrays;
import java.util.Set;

/**
 * Sums dot products with the kernels, in any floating-point accumulator and order they know.
 *
 * @param masks where gradients are stopped
 * @param epsilon of {@link GradientMask#IMMEDIATE_DIFF}
 * @see "docs/training.md, Floating-point registers in training"
 */
public record FloatKernelSimulator(Summation summation, Set<GradientMask> masks, float epsilon)
    implements MaskedSimulator {
  /** Copies the set. */
  public FloatKernelSimulator {
    masks = Set.copyOf(masks);
  }

  @Override
  public MaskedDots prepare(int channels, int terms, float[] weights) {
    FloatProduct product = new FloatProduct(FloatWeights.of(channels, terms, weights));
    return rows -> new ColumnBlock(this, product, columns(terms, rows), rows);
  }

  private static FloatColumns columns(int terms, int rows) {
    FloatColumns columns = new FloatColumns(terms, rows);
    columns.shape(terms, rows);
    return columns;
  }

  private record ColumnBlock(
      FloatKernelSimulator simulator, FloatProduct product, FloatColumns columns, int rows)
      implements MaskedBlock {
    @Override
    public float[] inputs() {
      return columns.values();
    }

    @Override
    public int stride() {
      return columns.stride();
    }

    @Override
    public void sum(float[] results) {
      columns.sealed();
      product.multiply(simulator.summation(), columns, results, 0, rows);
    }

    @Override
    public void backward(float[] upstream, float[] weights, float[] inputs) {
      columns.sealed();
      Arrays.fill(inputs, 0);
      product.backward(
          simulator.summation(),
          simulator.masks(),
          simulator.epsilon(),
          columns,
          upstream,
          0,
          rows,
          weights,
          inputs);
    }
  }
}
