package dev.narrows.hardware.cost;

/**
 * Partial sums that leave the unit and come back, where only a tile of the terms of all outputs is
 * summed at a time: with ⌈K/T⌉ tiles each output is written after every tile but the last, and read
 * before every tile but the first.
 *
 * @param outputs dot products of an image
 * @param terms K
 * @param tile T, terms summed before the partial sums are put away
 */
public record PartialSums(long outputs, int terms, int tile) {
  /** Checks the tile. */
  public PartialSums {
    if (tile < 1) {
      throw new IllegalArgumentException("a tile has at least one term, got " + tile);
    }
  }

  /** Words written and read for an image. */
  public long moves() {
    return 2 * outputs * Math.max(0, Math.ceilDiv(terms, tile) - 1);
  }

  /** Bits moved for an image, packed. */
  public long bits(int accumulatorBits) {
    return moves() * accumulatorBits;
  }

  /** Bytes moved for an image, packed, rounded up. */
  public long bytes(int accumulatorBits) {
    return Math.ceilDiv(bits(accumulatorBits), 8L);
  }
}
