package dev.narrows.network.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images that follow each other.
 *
 * @param first ≥ 0
 * @param count ≥ 1
 */
public record ImageRange(int first, int count) {
  /** Checks the range. */
  public ImageRange {
    if (first < 0 || count < 1 || count > Integer.MAX_VALUE - first) {
      throw new IllegalArgumentException("no range of images: %d from %d".formatted(count, first));
    }
  }

  /**
   * Ranges of nearly equal length that together are all images, in order.
   *
   * @param images ≥ 0
   * @param parts how many ranges, ≥ 1; fewer where there are fewer images
   */
  public static List<ImageRange> split(int images, int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("need at least one part, got " + parts);
    }
    int ranges = Math.min(parts, images);
    List<ImageRange> all = new ArrayList<>();
    for (int i = 0; i < ranges; i++) {
      int from = (int) ((long) images * i / ranges);
      int to = (int) ((long) images * (i + 1) / ranges);
      all.add(new ImageRange(from, to - from));
    }
    return all;
  }

  /** The images' places among all. */
  public int[] indices() {
    return IntStream.range(first, first + count).toArray();
  }
}
