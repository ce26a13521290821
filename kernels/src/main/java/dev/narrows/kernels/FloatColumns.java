package dev.narrows.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A column block x^T of floats, [K][columns]: row k holds the k-th input of every column. A
 * reusable buffer as {@link Columns} is: {@link #shape}, fill {@link #values}, {@link #sealed()},
 * multiply; and again.
 */
public final class FloatColumns {
  /** All bits of a float but the sign. */
  private static final int MAGNITUDE = 0x7fff_ffff;

  private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private final float[] values;
  private int terms;
  private int columns;
  private int stride;
  private boolean sealed;
  private float largest;
  private boolean finite;
  private float[] panels = new float[0];
  private boolean packed;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public FloatColumns(int maxTerms, int maxColumns) {
    long size = (long) maxTerms * Columns.strideOf(maxColumns);
    if (maxTerms < 0 || maxColumns < 0 || size > Integer.MAX_VALUE - 2 * Lanes.PANEL) {
      throw new IllegalArgumentException(
          "a column block of %d terms and %d columns does not fit an array"
              .formatted(maxTerms, maxColumns));
    }
    values = new float[(int) size];
    stride = Columns.strideOf(0);
  }

  /**
   * Sets the shape of the next block; its values are to be written anew.
   *
   * @throws IllegalArgumentException if the shape is beyond the capacity
   */
  public void shape(int newTerms, int newColumns) {
    if (newTerms < 0
        || newColumns < 0
        || (long) newTerms * Columns.strideOf(newColumns) > values.length) {
      throw new IllegalArgumentException(
          "%d terms of %d columns do not fit the block of %d values"
              .formatted(newTerms, newColumns, values.length));
    }
    terms = newTerms;
    columns = newColumns;
    stride = Columns.strideOf(newColumns);
    sealed = false;
    packed = false;
  }

  public int terms() {
    return terms;
  }

  public int columns() {
    return columns;
  }

  /** The buffer: the value of term k in column j stands at {@code k * stride() + j}. */
  public float[] values() {
    return values;
  }

  public int stride() {
    return stride;
  }

  /** States that the block is filled; to be called again after every change of the values. */
  public synchronized void sealed() {
    // Without its sign a float's bits order as it does, the infinite and NaN above all others.
    IntVector lanes = IntVector.zero(Lanes.INTS);
    int most = 0;
    for (int k = 0; k < terms; k++) {
      int j = k * stride;
      int end = j + columns;
      for (; j <= end - Lanes.COUNT; j += Lanes.COUNT) {
        FloatVector x = FloatVector.fromArray(Lanes.FLOATS, values, j);
        lanes = lanes.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      for (; j < end; j++) {
        most = Math.max(most, Float.floatToRawIntBits(values[j]) & MAGNITUDE);
      }
    }
    most = Math.max(most, lanes.reduceLanes(VectorOperators.MAX));
    largest = Float.intBitsToFloat(most);
    finite = most < INFINITE;
    packed = false;
    sealed = true;
  }

  /** Seals the block if its values changed since. */
  synchronized void seal() {
    if (!sealed) {
      sealed();
    }
  }

  /** The largest |x|; once sealed. */
  float largest() {
    return largest;
  }

  /** Whether no value is infinite or not a number; once sealed. */
  boolean finite() {
    return finite;
  }

  int panelCount() {
    return (columns + Lanes.PANEL - 1) / Lanes.PANEL;
  }

  /** The columns of one panel that are not padding. */
  int width(int panel) {
    return Math.min(Lanes.PANEL, columns - panel * Lanes.PANEL);
  }

  /** [panel][K][{@link Lanes#PANEL}], padded with zeros. */
  synchronized float[] panels() {
    if (!packed) {
      int size = Math.toIntExact((long) panelCount() * terms * Lanes.PANEL);
      panels = panels.length < size ? new float[size] : panels;
      for (int panel = 0; panel < panelCount(); panel++) {
        int width = width(panel);
        for (int k = 0; k < terms; k++) {
          int to = (panel * terms + k) * Lanes.PANEL;
          System.arraycopy(values, k * stride + panel * Lanes.PANEL, panels, to, width);
          Arrays.fill(panels, to + width, to + Lanes.PANEL, 0);
        }
      }
      packed = true;
    }
    return panels;
  }
}
