package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.network.execute.Workspace.Profiled;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;

/** A product of two activations of codes: one matrix product an image and head. */
final class IntegerMatMulStep implements SumStep {
  private final int index;
  private final IntegerMatMul layer;
  private final int rows;
  private final int columns;
  private final int terms;
  private final int leftZero;
  private final int rightZero;
  private final LayerRegister register;

  IntegerMatMulStep(
      int index, IntegerMatMul layer, TensorType left, TensorType right, LayerRegister register) {
    this.index = index;
    this.layer = layer;
    this.rows = left.height();
    this.columns = right.height();
    this.terms = layer.terms(left);
    this.leftZero = left.quantization().zeroPoint();
    this.rightZero = right.quantization().zeroPoint();
    this.register = register;
  }

  private IntegerMatMulStep(IntegerMatMulStep other, LayerRegister register) {
    this.index = other.index;
    this.layer = other.layer;
    this.rows = other.rows;
    this.columns = other.columns;
    this.terms = other.terms;
    this.leftZero = other.leftZero;
    this.rightZero = other.rightZero;
    this.register = register;
  }

  @Override
  public IntegerMatMulStep in(LayerRegister other) {
    return new IntegerMatMulStep(this, other);
  }

  /** There is no bias and no padding; corrections differ from sum to sum. */
  @Override
  public Convention convention(LayerRegister as) {
    return new Convention(as, 0, 0, new long[0], new long[0], new long[0]);
  }

  @Override
  public int channels() {
    return layer.heads();
  }

  @Override
  public int columnValues(int batch) {
    return Math.toIntExact(terms * (columns + 32L) + 32);
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    for (int head = 0; head < layer.heads(); head++) {
      for (int image = 0; image < batch; image++) {
        product(workspace, tensors, head, image, batch);
      }
    }
  }

  private void product(Workspace workspace, int[][] tensors, int head, int image, int batch) {
    int[] left = tensors[layer.left()];
    int[] right = tensors[layer.right()];
    ColumnSums sums = workspace.columnSums();
    Profiled profiled = workspace.profiled().get(index);
    boolean together = false;
    if (profiled != null) {
      LayerRegister as = profiled.convention().register();
      together = register.accumulator() instanceof Exact && as.zero() == register.zero();
      Columns x = columns(workspace, right, head, image, batch, as.zero());
      OverflowProfile.Builder[] all = profiled.builders();
      rows(left, head, image, batch, as.zero())
          .classify(
              as.order(),
              profiled.narrowest(),
              x,
              new long[0],
              sums,
              workspace.widths(profiled, columns),
              all[all.length == 1 ? 0 : head]);
      workspace.tell(profiled, image, 1);
    }
    if (!together) {
      Columns x = columns(workspace, right, head, image, batch, register.zero());
      MatrixProduct product = rows(left, head, image, batch, register.zero());
      product.multiply(
          new Summation(register.accumulator(), register.order()), x, new long[0], sums);
      workspace.countSpills(product, register, x, new long[0]);
    }
    finish(sums, tensors, head, image, batch);
  }

  /** The left operand of a head as the register sees it, a row for each output row. */
  private MatrixProduct rows(int[] left, int head, int image, int batch, ZeroPointConvention zero) {
    int subtract = zero == ZeroPointConvention.OFFSET ? leftZero : 0;
    int[] values = new int[rows * terms];
    for (int k = 0; k < terms; k++) {
      for (int t = 0; t < rows; t++) {
        values[t * terms + k] = left[((head * terms + k) * rows + t) * batch + image] - subtract;
      }
    }
    return new MatrixProduct(IntegerWeights.of(rows, terms, values));
  }

  /** The right operand of a head as the register sees it. */
  private Columns columns(
      Workspace workspace, int[] right, int head, int image, int batch, ZeroPointConvention zero) {
    int subtract = zero == ZeroPointConvention.OFFSET ? rightZero : 0;
    Columns x = workspace.columns();
    x.shape(terms, columns);
    for (int k = 0; k < terms; k++) {
      for (int s = 0; s < columns; s++) {
        x.values()[k * x.stride() + s] =
            right[((head * terms + k) * columns + s) * batch + image] - subtract;
      }
    }
    x.sealed();
    return x;
  }

  private void finish(ColumnSums sums, int[][] tensors, int head, int image, int batch) {
    boolean raw = register.zero() == ZeroPointConvention.RAW;
    long[] ofRows = totals(tensors[layer.left()], rows, raw ? rightZero : 0, head, image, batch);
    long[] ofColumns =
        totals(tensors[layer.right()], columns, raw ? leftZero : 0, head, image, batch);
    long both = raw ? (long) terms * leftZero * rightZero : 0;
    for (int t = 0; t < rows; t++) {
      for (int s = 0; s < columns; s++) {
        long correction = both - ofRows[t] - ofColumns[s];
        long sum = register.correct(sums.get(t * columns + s), correction);
        int at = ((head * rows + t) * columns + s) * batch + image;
        tensors[index][at] = layer.requantization().apply(0, sum);
      }
    }
  }

  /** The sums of stored codes over the terms, times the other operand's zero point. */
  private long[] totals(int[] codes, int count, int factor, int head, int image, int batch) {
    long[] totals = new long[count];
    for (int k = 0; k < terms && factor != 0; k++) {
      for (int i = 0; i < count; i++) {
        totals[i] += codes[((head * terms + k) * count + i) * batch + image];
      }
    }
    Arrays.setAll(totals, i -> totals[i] * factor);
    return totals;
  }
}
