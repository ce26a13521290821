package dev.narrows.kernels;

import dev.narrows.kernels.integer.ColumnFolds;

/**
 * How wide a register the dot products of each column need, over all channels of the products that
 * were counted with it: the widest final sum, and the widest write. A reusable buffer; one thread
 * at a time.
 */
public final class ColumnWidths {
  private ColumnFolds folds = ColumnFolds.none();

  /** Of no columns: nothing is noted until a block begins. */
  public ColumnWidths() {}

  /** Begins a block of so many columns; nothing is counted yet. */
  public void begin(int columns) {
    folds = folds.begun(columns);
  }

  ColumnFolds folds() {
    return folds;
  }

  /** Takes a column's widths. */
  public interface Receiver {
    /**
     * @param finalBits of the widest final sum; 1 if none was counted
     * @param pathBits of the widest write, final sums included
     */
    void take(int column, int finalBits, int pathBits);
  }

  /** Shows the widths of each column, where column j counts for column j mod {@code period}. */
  public void show(int period, Receiver receiver) {
    ColumnFolds all = folds.repeated(period);
    for (int j = 0; j < period; j++) {
      receiver.take(j, all.finalBits(j), all.pathBits(j));
    }
  }
}
