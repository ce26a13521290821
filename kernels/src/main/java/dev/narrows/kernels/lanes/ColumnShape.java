package dev.narrows.kernels.lanes;

/**
 * The shape of a column block x^T, [K][columns], cut into panels of {@link VectorLanes#PANEL}
 * columns.
 *
 * @param terms K
 */
public record ColumnShape(int terms, int columns) {
  private static final int LINE = 16; // ints or floats in a cache line

  /**
   * The number of values of the largest block.
   *
   * @throws IllegalArgumentException if they do not fit an array
   */
  public static int capacity(int maxTerms, int maxColumns) {
    long size = (long) maxTerms * new ColumnShape(maxTerms, maxColumns).stride();
    if (maxTerms < 0 || maxColumns < 0 || size > Integer.MAX_VALUE - 2 * VectorLanes.PANEL) {
      throw new IllegalArgumentException(
          "a column block of %d terms and %d columns does not fit an array"
              .formatted(maxTerms, maxColumns));
    }
    return (int) size;
  }

  /**
   * This shape, if a buffer of {@code capacity} values holds it.
   *
   * @throws IllegalArgumentException if not
   */
  public ColumnShape within(int capacity) {
    if (terms < 0 || columns < 0 || (long) terms * stride() > capacity) {
      throw new IllegalArgumentException(
          "%d terms of %d columns do not fit the block of %d values"
              .formatted(terms, columns, capacity));
    }
    return this;
  }

  /**
   * From a term's row to the next one's: an odd number of cache lines, because rows a power of two
   * apart would share one set of the cache.
   */
  public int stride() {
    return Math.toIntExact((((long) columns + LINE - 1) / LINE | 1) * LINE);
  }

  /** How many panels hold the columns. */
  public int panelCount() {
    return (columns + VectorLanes.PANEL - 1) / VectorLanes.PANEL;
  }

  /** The columns of one panel that are not padding. */
  public int width(int panel) {
    return Math.min(VectorLanes.PANEL, columns - panel * VectorLanes.PANEL);
  }

  /** The number of values of all panels, [panel][K][{@link VectorLanes#PANEL}]. */
  public int panelSize() {
    return Math.toIntExact((long) panelCount() * terms * VectorLanes.PANEL);
  }

  /**
   * Requires that weights agree with this block and that results fit.
   *
   * @param channels of the weights
   * @param weightTerms their K
   * @param offset where the result of channel 0 and column 0 stands
   * @param outputStride from a channel's results to the next one's
   * @param length of the array of results
   * @throws IllegalArgumentException if they do not
   */
  public void requireProduct(
      int channels, int weightTerms, int offset, int outputStride, int length) {
    if (terms != weightTerms) {
      throw new IllegalArgumentException(
          "weights have %d terms, columns %d".formatted(weightTerms, terms));
    }
    if (channels > 0
        && (offset < 0
            || outputStride < 0
            || offset + (channels - 1L) * outputStride + columns > length)) {
      throw new IllegalArgumentException(
          "%d channels of %d columns from offset %d with stride %d do not fit %d outputs"
              .formatted(channels, columns, offset, outputStride, length));
    }
  }
}
