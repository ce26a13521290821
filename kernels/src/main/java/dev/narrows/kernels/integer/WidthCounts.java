package dev.narrows.kernels.integer;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.VectorLanes;

/** Counts dot products by (finalBits, pathBits); of values that fit 32 bits. */
public final class WidthCounts {
  private static final int ROW = 33;
  private static final int SIZE = ROW * ROW;

  /** Tables that neighbouring dots go to by turns: most have one key, and would wait for it. */
  private static final int TABLES = 4;

  private final int[] counts = new int[TABLES * SIZE];
  private int widest; // all paths, ORed
  private final int[] keys = new int[VectorLanes.PANEL];
  private final ColumnFolds columns;

  /**
   * @param columns is told of every dot product, too
   */
  public WidthCounts(ColumnFolds columns) {
    this.columns = columns;
  }

  /**
   * Counts {@code width} dots of neighbouring columns.
   *
   * @param first of the columns
   * @param finals folds of the final sums
   * @param paths folds of all writes, ORed; those of the final sums may be missing
   */
  void add(int first, int[] finals, int[] paths, int width) {
    columns.add(first, finals, paths, width);
    count(finals, paths, width);
  }

  /** Counts a dot of each of {@code width} columns, listed from {@code at} on. */
  public void add(int[] listed, int at, int[] finals, int[] paths, int width) {
    for (int j = 0; j < width; j++) {
      int finalBits = Widths.ofFold(finals[j]);
      columns.add(listed[at + j], finalBits, Widths.ofFold(finals[j] | paths[j]));
    }
    count(finals, paths, width);
  }

  private void count(int[] finals, int[] paths, int width) {
    for (int j = 0; j < width; j++) {
      int finalBits = 33 - Integer.numberOfLeadingZeros(finals[j]);
      int pathBits = 33 - Integer.numberOfLeadingZeros(finals[j] | paths[j]);
      keys[j] = finalBits * ROW + pathBits;
    }
    int folds = 0;
    for (int j = 0; j < width; j++) {
      folds |= finals[j] | paths[j];
    }
    widest |= folds;
    int whole = width - width % TABLES;
    for (int j = 0; j < whole; j += TABLES) {
      counts[keys[j]]++;
      counts[SIZE + keys[j + 1]]++;
      counts[2 * SIZE + keys[j + 2]]++;
      counts[3 * SIZE + keys[j + 3]]++;
    }
    for (int j = whole; j < width; j++) {
      counts[keys[j]]++;
    }
  }

  /**
   * Counts a dot of each of neighbouring columns, all of them no wider than they end.
   *
   * @param sums that of the first column stands at {@code from}
   */
  public void add(int[] sums, int from, int first, int last) {
    int[] folds = new int[VectorLanes.PANEL];
    for (int column = first; column < last; column += folds.length) {
      int width = Math.min(folds.length, last - column);
      for (int j = 0; j < width; j++) {
        int sum = sums[from + column - first + j];
        folds[j] = sum ^ (sum >> 31);
      }
      add(column, folds, folds, width);
    }
  }

  /** Counts one dot of a column. */
  public void add(int column, int finalBits, int pathBits) {
    columns.add(column, finalBits, pathBits);
    widest |= (int) Widths.max(pathBits);
    counts[finalBits * ROW + pathBits]++;
  }

  /** Moves the counts into a profile. */
  public void drainTo(OverflowProfile.Builder profile) {
    int most = Widths.ofFold(widest);
    for (int pathBits = 1; pathBits <= most; pathBits++) {
      for (int finalBits = 1; finalBits <= pathBits; finalBits++) {
        int key = finalBits * ROW + pathBits;
        int count = 0;
        for (int table = key; table < counts.length; table += SIZE) {
          count += counts[table];
          counts[table] = 0;
        }
        if (count > 0) {
          profile.add(finalBits, pathBits, count);
        }
      }
    }
    widest = 0;
  }
}
