package dev.narrows.kernels.sorting;

import dev.narrows.kernels.integer.SparseWeights;
import java.util.OptionalInt;

/** Where the terms of a channel's dot products lie in a block of rows, tile by tile. */
final class DotParts {
  private final SparseWeights weights;
  private final OptionalInt tile; // terms of a tile, or empty: all
  private final int[] ends; // among the channel's weights
  private final int[] rows; // where each part's rows begin
  private int first;
  private int count;
  private int parts;
  private int height;

  DotParts(SparseWeights weights, OptionalInt tile) {
    this.weights = weights;
    this.tile = tile;
    int longest = 0;
    for (int c = 0; c < weights.channels(); c++) {
      longest = Math.max(longest, weights.start(c + 1) - weights.start(c));
    }
    ends = new int[longest + 1];
    rows = new int[longest + 1];
  }

  /** Chooses the channel. */
  void channel(int channel) {
    first = weights.start(channel);
    count = weights.start(channel + 1) - first;
    parts = 0;
    height = 0;
    for (int i = 0; i < count; i++) {
      if (i + 1 == count || tile(weights.index(first + i)) != tile(weights.index(first + i + 1))) {
        int start = parts == 0 ? 0 : ends[parts - 1];
        rows[parts] = height;
        ends[parts++] = i + 1;
        height += SortingNetwork.padded(i + 1 - start);
      }
    }
  }

  private int tile(int k) {
    return tile.isPresent() ? k / tile.getAsInt() : 0;
  }

  boolean tiled() {
    return tile.isPresent();
  }

  /** Terms of the channel that are not zero. */
  int count() {
    return count;
  }

  int parts() {
    return parts;
  }

  /** Rows of all parts. */
  int height() {
    return height;
  }

  /** Where a part's rows begin. */
  int row(int part) {
    return rows[part];
  }

  /** Where a part's weights begin. */
  int from(int part) {
    return first + (part == 0 ? 0 : ends[part - 1]);
  }

  /** The end of a part's weights. */
  int to(int part) {
    return first + ends[part];
  }
}
