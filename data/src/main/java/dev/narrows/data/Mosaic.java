package dev.narrows.data;

import java.util.Arrays;
import java.util.List;

/**
 * How tiles of one size make up images of any: which image each belongs to, and which of its pixels
 * count for it. Tiles overlap, so that those near an inner edge can be left to the neighbour.
 *
 * @param tiles one for each example, in order
 */
public record Mosaic(List<Tile> tiles) {
  /**
   * The part of a tile that counts.
   *
   * @param image the image's number, ≥ 0
   * @param top first row
   * @param bottom behind the last row
   * @param left first column
   * @param right behind the last column
   */
  public record Tile(int image, int top, int bottom, int left, int right) {
    /** Checks that the part is one. */
    public Tile {
      if (image < 0 || top < 0 || left < 0 || bottom <= top || right <= left) {
        throw new IllegalArgumentException(
            "image %d, rows %d to %d, columns %d to %d are no part of a tile"
                .formatted(image, top, bottom, left, right));
      }
    }

    /** Pixels that count. */
    public int pixels() {
      return (bottom - top) * (right - left);
    }
  }

  /** Copies the list. */
  public Mosaic {
    tiles = List.copyOf(tiles);
  }

  /** Those of some examples. */
  Mosaic select(int[] indices) {
    return new Mosaic(Arrays.stream(indices).mapToObj(tiles::get).toList());
  }
}
