package dev.narrows.network.execute;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.SummationOrder;
import java.util.Arrays;

/** The left side of a product of real numbers, [rows][K]. */
final class FloatMatrix {
  private final int rows;
  private final int terms;
  private final float[] values;

  FloatMatrix(int rows, int terms, float[] values) {
    this.rows = rows;
    this.terms = terms;
    this.values = values;
  }

  int rows() {
    return rows;
  }

  /**
   * Every row with every column, exactly: products in binary64, where they have no error, added in
   * binary64 by ascending k, rounded once to binary32.
   *
   * @param out [rows][columns]
   */
  void exact(FloatBlock x, double[] registers, float[] out) {
    int columns = x.columns();
    float[] in = x.values();
    for (int r = 0; r < rows; r++) {
      Arrays.fill(registers, 0, columns, 0);
      for (int k = 0; k < terms; k++) {
        double w = values[r * terms + k];
        int row = k * x.stride();
        for (int j = 0; j < columns; j++) {
          registers[j] += w * in[row + j];
        }
      }
      for (int j = 0; j < columns; j++) {
        out[r * columns + j] = number(registers[j]);
      }
    }
  }

  /** As {@link FloatDot#exact} ends. */
  private static float number(double sum) {
    if (Double.isNaN(sum)) {
      throw new ArithmeticException("the exact sum of a dot product is not a number");
    }
    return (float) sum + 0f; // no −0
  }

  /** Every row with every column in a floating register. */
  void multiply(FloatingAccumulator accumulator, SummationOrder order, FloatBlock x, float[] out) {
    int columns = x.columns();
    float[] column = new float[terms];
    for (int j = 0; j < columns; j++) {
      for (int k = 0; k < terms; k++) {
        column[k] = x.values()[k * x.stride() + j];
      }
      for (int r = 0; r < rows; r++) {
        float[] row = Arrays.copyOfRange(values, r * terms, (r + 1) * terms);
        out[r * columns + j] = FloatDot.sum(accumulator, order, row, column).value();
      }
    }
  }
}
