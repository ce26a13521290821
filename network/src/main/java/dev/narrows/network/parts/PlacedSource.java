package dev.narrows.network.parts;

import dev.narrows.network.execute.ImageSource;

/** A source some images of which can travel. */
public interface PlacedSource extends ImageSource {
  /**
   * Some of the images, in this order.
   *
   * @param images by their place among all
   */
  TravellingSource some(int[] images);

  /**
   * A range of any source's images. Those that cannot be read elsewhere are read now and packed.
   *
   * @param elements words of an image
   */
  static TravellingSource part(ImageSource source, int elements, ImageRange range) {
    return source instanceof PlacedSource placed
        ? placed.some(range.indices())
        : PackedImages.of(source, elements, range.indices());
  }
}
