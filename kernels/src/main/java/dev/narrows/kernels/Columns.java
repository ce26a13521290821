package dev.narrows.kernels;

import dev.narrows.core.dot.Decisions;
import dev.narrows.kernels.integer.IntegerPanels;
import dev.narrows.kernels.lanes.ColumnShape;
import org.jspecify.annotations.Nullable;

/**
 * A column block x^T, [K][columns]: row k holds the k-th input of every column as the accumulator
 * sees it. A reusable buffer: {@link #shape}, fill {@link #values}, {@link #sealed(int, int)},
 * multiply; and again. One thread at a time, but for {@link ParallelProducts}.
 */
public final class Columns extends ColumnBuffer {
  private static final int FLOAT_INTEGERS = 1 << 24;

  private final int[] values;
  private final IntegerPanels panels;
  private @Nullable ColumnPlaces places;

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

  /**
   * Takes values that lie in an array already, instead of {@link #values}; {@link #turn} says which
   * columns are next. They must not change until other values are taken.
   *
   * @param at where their terms lie
   * @param length how many elements of the array are used
   * @param low no value is smaller
   * @param high no value is larger
   * @throws IllegalArgumentException if the bounds leave the whole numbers that a float holds
   */
  public void place(ColumnPlaces at, float[] array, int length, int low, int high) {
    if (low < -FLOAT_INTEGERS || high > FLOAT_INTEGERS || low > high) {
      throw new IllegalArgumentException(
          "values in place must be whole numbers of at most 2^24, got [%d, %d]"
              .formatted(low, high));
    }
    places = at;
    panels.place(at.panels(), array, length, low, high);
  }

  /**
   * The next block of the values in place: {@code columns} of them, in panels that begin at {@code
   * starts}.
   */
  public void turn(int columns, int[] starts) {
    if (places == null) {
      throw new IllegalStateException("no values are in place");
    }
    ColumnShape block = new ColumnShape(places.panels().terms(), columns);
    if (starts.length != block.panelCount()) {
      throw new IllegalArgumentException(
          "%d columns are %d panels, got %d starts"
              .formatted(columns, block.panelCount(), starts.length));
    }
    placed(block);
    panels.turn(block, starts);
  }

  /** The values as {@link #values} lays them out, wherever they lie. */
  public int[] spread() {
    return panels().values();
  }

  /**
   * By what the products with these columns were decided since the last call, as far as they were
   * made on the thread that owns them.
   */
  public Decisions takeDecisions() {
    return panels.scratch().takeDecisions();
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
