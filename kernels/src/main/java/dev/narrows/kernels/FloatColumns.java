package dev.narrows.kernels;

import dev.narrows.kernels.floating.FloatPanels;
import dev.narrows.kernels.lanes.ColumnShape;

/**
 * A column block x^T of floats, [K][columns]: row k holds the k-th input of every column. A
 * reusable buffer as {@link Columns} is: {@link #shape}, fill {@link #values}, {@link #sealed()},
 * multiply; and again.
 */
public final class FloatColumns {
  private final float[] values;
  private final FloatPanels panels;
  private ColumnShape shape = new ColumnShape(0, 0);
  private int stride = shape.stride(); // asked for at every pixel
  private boolean sealed;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public FloatColumns(int maxTerms, int maxColumns) {
    values = new float[ColumnShape.capacity(maxTerms, maxColumns)];
    panels = new FloatPanels(values);
  }

  /**
   * Sets the shape of the next block; its values are to be written anew.
   *
   * @throws IllegalArgumentException if the shape is beyond the capacity
   */
  public void shape(int newTerms, int newColumns) {
    shape = new ColumnShape(newTerms, newColumns).within(values.length);
    stride = shape.stride();
    sealed = false;
  }

  public int terms() {
    return shape.terms();
  }

  public int columns() {
    return shape.columns();
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
    panels.take(shape);
    sealed = true;
  }

  /** The block for the kernels; sealed if its values changed since. */
  synchronized FloatPanels panels() {
    if (!sealed) {
      sealed();
    }
    return panels;
  }
}
