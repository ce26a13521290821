package dev.narrows.network.execute;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;

/**
 * Where inputs come from, codes or the words of numbers ({@link Words}), a block of images at a
 * time; called from several threads.
 */
public interface ImageSource {
  /** The number of images. */
  int images();

  /**
   * Writes the codes of images first … first + count − 1 into {@code codes}, [count][C][H][W] from
   * its start.
   */
  void read(int first, int count, int[] codes);

  /**
   * Images that are in memory.
   *
   * @param codes [images][C][H][W]
   * @throws IllegalArgumentException if the number of codes is not images · C·H·W
   */
  static ImageSource of(TensorType type, int[] codes, int images) {
    int elements = type.elements();
    if (images < 0 || codes.length != (long) images * elements) {
      throw new IllegalArgumentException(
          "%d images of %s need %d codes, got %d"
              .formatted(images, type.describe(), (long) images * elements, codes.length));
    }
    return new ImageSource() {
      @Override
      public int images() {
        return images;
      }

      @Override
      public void read(int first, int count, int[] into) {
        System.arraycopy(codes, first * elements, into, 0, count * elements);
      }
    };
  }
}
