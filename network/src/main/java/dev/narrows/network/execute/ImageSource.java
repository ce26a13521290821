package dev.narrows.network.execute;

import dev.narrows.network.Network;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Where inputs come from, codes or the words of numbers ({@link Words}), a block of images at a
 * time; called from several threads.
 */
public interface ImageSource {
  /** The number of images. */
  int images();

  /**
   * Writes the codes of images first … first + count − 1 into {@code codes}, [count][C][H][W] from
   * its start; of a network with several inputs an image's words are theirs, one input after the
   * other ({@link Network#inputs()}).
   */
  void read(int first, int count, int[] codes);

  /** What errors call an image by: its place among all, where these are some of them. */
  default int number(int image) {
    return image;
  }

  /**
   * Images that are in memory.
   *
   * @param codes [images][C][H][W]
   * @throws IllegalArgumentException if the number of codes is not images · C·H·W
   */
  static ImageSource of(TensorType type, int[] codes, int images) {
    return of(type.elements(), type.describe(), codes, images);
  }

  /**
   * Inputs that are in memory.
   *
   * @param codes [images][{@link Network#inputElements()}]
   * @throws IllegalArgumentException if the number of codes is another
   */
  static ImageSource of(Network network, int[] codes, int images) {
    List<String> types =
        network.inputs().stream().map(input -> network.tensor(input).describe()).toList();
    return of(network.inputElements(), String.join(" and ", types), codes, images);
  }

  private static ImageSource of(int elements, String what, int[] codes, int images) {
    if (images < 0 || codes.length != (long) images * elements) {
      throw new IllegalArgumentException(
          "%d images of %s need %d codes, got %d"
              .formatted(images, what, (long) images * elements, codes.length));
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
