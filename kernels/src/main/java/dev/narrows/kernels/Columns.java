package dev.narrows.kernels;

import dev.narrows.kernels.integer.IntegerPanels;
import dev.narrows.kernels.lanes.ColumnShape;

/**
 * A column block x^T, [K][columns]: row k holds the k-th input of every column as the accumulator
 * sees it. A reusable buffer: {@link #shape}, fill {@link #values}, {@link #sealed(int, int)},
 * multiply; and again. One thread at a time, but for {@link ParallelProducts}.
 */
public final class Columns {
  private final int[] values;
  private final IntegerPanels panels;
  private ColumnShape shape = new ColumnShape(0, 0);
  private int stride = shape.stride(); // asked for at every pixel
  private boolean sealed;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public Columns(int maxTerms, int maxColumns) {
    values = new int[ColumnShape.capacity(maxTerms, maxColumns)];
    panels = new IntegerPanels(values);
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
  public int[] values() {
    return values;
  }

  public int stride() {
    return stride;
  }

  /**
   * States that the block is filled and that every value lies in [low, high]. To be called again
   * after every change of the values.
   *
   * @throws IllegalArgumentException if a value lies outside: the fast paths rest on these bounds
   */
  public void sealed(int low, int high) {
    sealed();
    if (panels.low() < low || panels.high() > high) {
      throw new IllegalArgumentException(
          "column values run from %d to %d, outside the stated [%d, %d]"
              .formatted(panels.low(), panels.high(), low, high));
    }
  }

  /** States that the block is filled; finds the bounds of its values itself. */
  public synchronized void sealed() {
    panels.take(shape);
    sealed = true;
  }

  /** The block for the kernels; sealed if its values changed since. */
  synchronized IntegerPanels panels() {
    if (!sealed) {
      sealed();
    }
    return panels;
  }
}
