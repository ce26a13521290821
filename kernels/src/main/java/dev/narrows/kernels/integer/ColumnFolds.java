package dev.narrows.kernels.integer;

import dev.narrows.core.format.Widths;
import java.util.Arrays;

/**
 * The folds ({@link Widths#fold}) of what each column of a block was counted with, ORed over all
 * channels: their bit lengths tell the widest final sum and the widest write of the column.
 */
public final class ColumnFolds {
  private static final ColumnFolds NONE = new ColumnFolds(0);

  private final int[] finals;
  private final int[] paths;
  private final byte[] wideFinals; // in bits, of what an int does not hold
  private final byte[] widePaths;

  private ColumnFolds(int columns) {
    finals = new int[columns];
    paths = new int[columns];
    wideFinals = new byte[columns];
    widePaths = new byte[columns];
  }

  /** Of so many columns, nothing counted yet. */
  public static ColumnFolds of(int columns) {
    return new ColumnFolds(columns);
  }

  /** As many columns again, nothing counted yet: these, or others. */
  public ColumnFolds begun(int columns) {
    if (columns != finals.length) {
      return of(columns);
    }
    Arrays.fill(finals, 0);
    Arrays.fill(paths, 0);
    Arrays.fill(wideFinals, (byte) 0);
    Arrays.fill(widePaths, (byte) 0);
    return this;
  }

  /** Column j counts for column j mod {@code period}. */
  public ColumnFolds repeated(int period) {
    ColumnFolds folded = of(period);
    for (int from = 0; from < finals.length; from += period) {
      int count = Math.min(period, finals.length - from);
      for (int j = 0; j < count; j++) {
        folded.finals[j] |= finals[from + j];
        folded.paths[j] |= paths[from + j];
        folded.wideFinals[j] = (byte) Math.max(folded.wideFinals[j], wideFinals[from + j]);
        folded.widePaths[j] = (byte) Math.max(folded.widePaths[j], widePaths[from + j]);
      }
    }
    return folded;
  }

  /** What nobody asks about. */
  public static ColumnFolds none() {
    return NONE;
  }

  /** Notes neighbouring columns from {@code first} on. */
  void add(int first, int[] finalFolds, int[] pathFolds, int count) {
    if (finals.length == 0) {
      return;
    }
    for (int j = 0; j < count; j++) {
      finals[first + j] |= finalFolds[j];
      paths[first + j] |= pathFolds[j];
    }
  }

  /** Notes one dot product of a column. */
  void add(int column, int finalBits, int pathBits) {
    if (finals.length == 0) {
      return;
    }
    if (pathBits > Integer.SIZE) {
      wideFinals[column] = (byte) Math.max(wideFinals[column], finalBits);
      widePaths[column] = (byte) Math.max(widePaths[column], pathBits);
    } else {
      finals[column] |= (int) Widths.max(finalBits);
      paths[column] |= (int) Widths.max(pathBits);
    }
  }

  /** The widest final sum of a column, in bits. */
  public int finalBits(int column) {
    return Math.max(wideFinals[column], Widths.ofFold(finals[column]));
  }

  /** The widest write of a column, in bits. */
  public int pathBits(int column) {
    int narrow = Widths.ofFold(finals[column] | paths[column]);
    return Math.max(widePaths[column], narrow);
  }
}
