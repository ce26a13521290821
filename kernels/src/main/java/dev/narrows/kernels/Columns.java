package dev.narrows.kernels;

import java.util.Arrays;

/**
 * A column block x^T, [K][columns]: row k holds the k-th input of every column as the accumulator
 * sees it. A reusable buffer: {@link #shape}, fill {@link #values}, {@link #sealed(int, int)},
 * multiply; and again. One thread at a time, but for {@link Parallel}.
 */
public final class Columns {
  private static final int LINE = 16; // ints in a cache line

  private final int[] values;
  private final Scratch scratch = new Scratch();
  private int terms;
  private int columns;
  private int stride = LINE;
  private boolean sealed;
  private int low;
  private int high;
  private float[] panels = new float[0];
  private float[] magnitudes = new float[0];
  private int[] wholes = new int[0];
  private boolean panelsPacked;
  private boolean magnitudesPacked;
  private boolean wholesPacked;

  /**
   * @param maxTerms the largest K
   * @param maxColumns the largest number of columns
   * @throws IllegalArgumentException if the block would not fit an array
   */
  public Columns(int maxTerms, int maxColumns) {
    long size = (long) maxTerms * strideOf(maxColumns);
    if (maxTerms < 0 || maxColumns < 0 || size > Integer.MAX_VALUE - 2 * Lanes.PANEL) {
      throw new IllegalArgumentException(
          "a column block of %d terms and %d columns does not fit an array"
              .formatted(maxTerms, maxColumns));
    }
    values = new int[(int) size];
  }

  /** An odd number of cache lines: rows a power of two apart would share one set of the cache. */
  static int strideOf(int columns) {
    return Math.toIntExact((((long) columns + LINE - 1) / LINE | 1) * LINE);
  }

  /**
   * Sets the shape of the next block; its values are to be written anew.
   *
   * @throws IllegalArgumentException if the shape is beyond the capacity
   */
  public void shape(int newTerms, int newColumns) {
    if (newTerms < 0 || newColumns < 0 || (long) newTerms * strideOf(newColumns) > values.length) {
      throw new IllegalArgumentException(
          "%d terms of %d columns do not fit the block of %d values"
              .formatted(newTerms, newColumns, values.length));
    }
    terms = newTerms;
    columns = newColumns;
    stride = strideOf(newColumns);
    unseal();
  }

  public int terms() {
    return terms;
  }

  public int columns() {
    return columns;
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
  public void sealed(int statedLow, int statedHigh) {
    sealed();
    if (low < statedLow || high > statedHigh) {
      throw new IllegalArgumentException(
          "column values run from %d to %d, outside the stated [%d, %d]"
              .formatted(low, high, statedLow, statedHigh));
    }
  }

  /** States that the block is filled; finds the bounds of its values itself. */
  public synchronized void sealed() {
    unseal();
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    for (int k = 0; k < terms; k++) {
      for (int j = k * stride; j < k * stride + columns; j++) {
        least = Math.min(least, values[j]);
        most = Math.max(most, values[j]);
      }
    }
    boolean empty = least > most;
    low = empty ? 0 : least;
    high = empty ? 0 : most;
    sealed = true;
  }

  private void unseal() {
    sealed = false;
    panelsPacked = false;
    magnitudesPacked = false;
    wholesPacked = false;
  }

  /** The smallest value; once sealed. */
  int low() {
    return low;
  }

  /** The largest value; once sealed. */
  int high() {
    return high;
  }

  /** The largest |value|. */
  long largest() {
    return Math.max(Math.abs((long) low), Math.abs((long) high));
  }

  /** Seals the block if its values changed since. */
  synchronized void seal() {
    if (!sealed) {
      sealed();
    }
  }

  Scratch scratch() {
    return scratch;
  }

  int panelCount() {
    return (columns + Lanes.PANEL - 1) / Lanes.PANEL;
  }

  /** The columns of one panel that are not padding. */
  int width(int panel) {
    return Math.min(Lanes.PANEL, columns - panel * Lanes.PANEL);
  }

  private int panelSize() {
    return Math.toIntExact((long) panelCount() * terms * Lanes.PANEL);
  }

  /**
   * The values as floats, [panel][K][{@link Lanes#PANEL}]: what a tile reads lies together. Exact
   * for |x| ≤ 2^24. Padding is zero.
   */
  synchronized float[] panels() {
    if (!panelsPacked) {
      panels = panels.length < panelSize() ? new float[panelSize()] : panels;
      for (int panel = 0; panel < panelCount(); panel++) {
        for (int k = 0; k < terms; k++) {
          int to = (panel * terms + k) * Lanes.PANEL;
          int from = k * stride + panel * Lanes.PANEL;
          int width = width(panel);
          for (int j = 0; j < width; j++) {
            panels[to + j] = values[from + j];
          }
          Arrays.fill(panels, to + width, to + Lanes.PANEL, 0);
        }
      }
      panelsPacked = true;
    }
    return panels;
  }

  /** |x| as floats, laid out as {@link #panels}. */
  synchronized float[] magnitudes() {
    if (low >= 0) {
      return panels();
    }
    if (!magnitudesPacked) {
      float[] signed = panels();
      int size = panelSize();
      magnitudes = magnitudes.length < size ? new float[size] : magnitudes;
      for (int i = 0; i < size; i++) {
        magnitudes[i] = Math.abs(signed[i]);
      }
      magnitudesPacked = true;
    }
    return magnitudes;
  }

  /** The values as they are, laid out as {@link #panels}. */
  synchronized int[] wholes() {
    if (!wholesPacked) {
      wholes = wholes.length < panelSize() ? new int[panelSize()] : wholes;
      for (int panel = 0; panel < panelCount(); panel++) {
        for (int k = 0; k < terms; k++) {
          int to = (panel * terms + k) * Lanes.PANEL;
          int width = width(panel);
          System.arraycopy(values, k * stride + panel * Lanes.PANEL, wholes, to, width);
          Arrays.fill(wholes, to + width, to + Lanes.PANEL, 0);
        }
      }
      wholesPacked = true;
    }
    return wholes;
  }
}
