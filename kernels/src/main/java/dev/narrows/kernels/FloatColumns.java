package dev.narrows.kernels;

import dev.narrows.kernels.floating.FloatPanels;
import dev.narrows.kernels.lanes.ColumnShape;

/**
 * A column block x^T of floats, [K][columns]: row k holds the k-th input of every column. A
 * reusable buffer as {@link Columns} is: {@link #shape}, fill {@link #values}, {@link #sealed()},
 * multiply; and again.
 */
public final class FloatColumns extends ColumnBuffer {
  private final float[] values;
  private final FloatPanels panels;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public FloatColumns(int maxTerms, int maxColumns) {
    super(ColumnShape.capacity(maxTerms, maxColumns));
    values = new float[ColumnShape.capacity(maxTerms, maxColumns)];
    panels = new FloatPanels(values);
  }

  /** The buffer: the value of term k in column j stands at {@code k * stride() + j}. */
  public float[] values() {
    return values;
  }

  @Override
  void lay(ColumnShape block) {
    panels.take(block);
  }

  /** Whether no value is infinite or not a number; of a block that is sealed. */
  public boolean finite() {
    return panels().finite();
  }

  /** The block for the kernels; sealed if its values changed since. */
  FloatPanels panels() {
    ensureSealed();
    return panels;
  }
}
