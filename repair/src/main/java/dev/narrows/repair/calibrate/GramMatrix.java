package dev.narrows.repair.calibrate;

import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;

/** Sums of products of terms over columns, exact. */
final class GramMatrix {
  /** Columns summed at a time: 255 · 255 · 8192 fits 32 bits. */
  private static final int SLICE = 4096;

  private GramMatrix() {}

  /**
   * Σ_j left[i][j] · right[k][j].
   *
   * @return [K of left][K of right]
   * @throws ArithmeticException if a sum leaves 64 bits
   */
  static long[] of(SampledTerms left, SampledTerms right, int threads) {
    long[] total = new long[Math.multiplyExact(left.terms(), right.terms())];
    int slices = Math.ceilDiv(left.columns(), SLICE);
    int rows = left.terms();
    int parts = Math.clamp(rows / 16, 1, threads);
    SharedWork.run(
        parts,
        part -> {
          int first = (int) ((long) rows * part / parts);
          int last = (int) ((long) rows * (part + 1) / parts);
          for (int slice = 0; slice < slices; slice++) {
            int from = slice * SLICE;
            int to = Math.min(left.columns(), from + SLICE);
            add(left, right, first, last, from, to, total);
          }
        });
    return total;
  }

  private static void add(
      SampledTerms left, SampledTerms right, int first, int last, int from, int to, long[] total) {
    int samples = to - from;
    int[] factors = new int[(last - first) * samples];
    for (int i = first; i < last; i++) {
      System.arraycopy(
          left.values(), i * left.columns() + from, factors, (i - first) * samples, samples);
    }
    Columns columns = new Columns(samples, right.terms());
    columns.shape(samples, right.terms());
    int[] values = columns.values();
    for (int j = 0; j < samples; j++) {
      for (int k = 0; k < right.terms(); k++) {
        values[j * columns.stride() + k] = right.values()[k * right.columns() + from + j];
      }
    }
    columns.sealed();
    ColumnSums sums = new ColumnSums();
    new MatrixProduct(IntegerWeights.of(last - first, samples, factors))
        .multiply(Summation.exact(), columns, new long[0], sums);
    for (int i = first; i < last; i++) {
      for (int k = 0; k < right.terms(); k++) {
        int at = i * right.terms() + k;
        total[at] = Math.addExact(total[at], sums.get((i - first) * right.terms() + k));
      }
    }
  }
}
