package dev.narrows.network.parts;

import dev.narrows.network.execute.WidthsOfImages;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The widths that the images of a part need, layer by layer; 0 where none was told. */
final class PartWidths implements WidthsOfImages {
  private final int images;
  private final Map<String, ImageBits> layers = new ConcurrentHashMap<>();

  /**
   * The widest of each image.
   *
   * @param finals [images]
   * @param paths [images]
   */
  record ImageBits(byte[] finals, byte[] paths) {}

  PartWidths(int images) {
    this.images = images;
  }

  @Override
  public void note(String layer, int image, int finalBits, int pathBits) {
    // a thread's images are its own, so their places are written by nobody else
    ImageBits bits =
        layers.computeIfAbsent(layer, _ -> new ImageBits(new byte[images], new byte[images]));
    bits.finals[image] = (byte) Math.max(bits.finals[image], finalBits);
    bits.paths[image] = (byte) Math.max(bits.paths[image], pathBits);
  }

  Map<String, ImageBits> layers() {
    return layers;
  }
}
