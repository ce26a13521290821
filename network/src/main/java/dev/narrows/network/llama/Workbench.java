package dev.narrows.network.llama;

import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.FloatColumns;
import java.util.HashMap;
import java.util.Map;

/** The buffers of one thread; what an earlier call of a method returned is not used any more. */
final class Workbench {
  private FloatColumns columns = new FloatColumns(0, 0);
  private long columnsSize;
  private final Map<Integer, float[]> weights = new HashMap<>(); // by their exact length
  private float[] sums = new float[0];
  private Columns codes = new Columns(0, 0);
  private long codesSize;
  private final ColumnSums registers = new ColumnSums();
  private float[] exact = new float[0];

  /** The column block, in this shape; its values are to be written. */
  FloatColumns columns(int terms, int count) {
    long size = (long) terms * (count + 32); // rows are padded by less than two cache lines
    if (size > columnsSize) {
      columns = new FloatColumns(1, Math.toIntExact(size));
      columnsSize = size;
    }
    columns.shape(terms, count);
    return columns;
  }

  /** The column block of codes, in this shape; its values are to be written. */
  Columns codes(int terms, int count) {
    long size = (long) terms * (count + 32);
    if (size > codesSize) {
      codes = new Columns(1, Math.toIntExact(size));
      codesSize = size;
    }
    codes.shape(terms, count);
    return codes;
  }

  /** Room for registers of integers. */
  ColumnSums registers() {
    return registers;
  }

  /** Weights of one block of rows: an array of just this length. */
  float[] weights(int length) {
    return weights.computeIfAbsent(length, float[]::new);
  }

  /** Room for sums. */
  float[] sums(int size) {
    if (sums.length < size) {
      sums = new float[size];
    }
    return sums;
  }

  /** Room for the exact sums beside them. */
  float[] exact(int size) {
    if (exact.length < size) {
      exact = new float[size];
    }
    return exact;
  }
}
