package dev.narrows.kernels;

/**
 * What the registers of a block of columns end at, [channels][columns]: 32 bits each wherever a
 * bound tells that they suffice, 64 bits otherwise. A reusable buffer; one thread at a time.
 */
public final class ColumnSums {
  private int[] ints = new int[0];
  private long[] longs = new long[0];
  private boolean wide;

  /** Grows with the first product. */
  public ColumnSums() {}

  /** Whether the registers of the last product are 64 bits wide. */
  public boolean wide() {
    return wide;
  }

  /** The register of channel c and column j, at {@code c * columns + j}. */
  public long get(int at) {
    return wide ? longs[at] : ints[at];
  }

  /**
   * All registers, unless they are {@link #wide}; not to be kept.
   *
   * @throws IllegalStateException if they are
   */
  public int[] ints() {
    if (wide) {
      throw new IllegalStateException("these registers are 64 bits wide");
    }
    return ints;
  }

  /** A buffer for registers of 32 bits. */
  int[] narrow(int size) {
    wide = false;
    if (ints.length < size) {
      ints = new int[size];
    }
    return ints;
  }

  /** A buffer for registers of 64 bits. */
  long[] wide(int size) {
    wide = true;
    if (longs.length < size) {
      longs = new long[size];
    }
    return longs;
  }
}
