package dev.narrows.kernels;

import dev.narrows.kernels.integer.IntegerPanels;
import dev.narrows.kernels.lanes.ColumnShape;

/**
 * A column block x^T, [K][columns]: row k holds the k-th input of every column as the accumulator
 * sees it. A reusable buffer: {@link #shape}, fill {@link #values}, {@link #sealed(int, int)},
 * multiply; and again. One thread at a time, but for {@link ParallelProducts}.
 */
public final class Columns extends ColumnBuffer {
  private final int[] values;
  private final IntegerPanels panels;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public Columns(int maxTerms, int maxColumns) {
    super(ColumnShape.capacity(maxTerms, maxColumns));
    values = new int[ColumnShape.capacity(maxTerms, maxColumns)];
    panels = new IntegerPanels(values);
  }

  /** The buffer: the value of term k in column j stands at {@code k * stride() + j}. */
  public int[] values() {
    return values;
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

  @Override
  void lay(ColumnShape block) {
    panels.take(block);
  }

  /** The block for the kernels; sealed if its values changed since. */
  IntegerPanels panels() {
    ensureSealed();
    return panels;
  }
}
