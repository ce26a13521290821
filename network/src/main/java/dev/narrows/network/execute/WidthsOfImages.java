package dev.narrows.network.execute;

/**
 * Is told how wide a register the sums of each image need, layer by layer. Of an image it may be
 * told several times, and the widest counts. Threads call it at once, each of other images.
 */
public interface WidthsOfImages {
  /**
   * @param finalBits of the widest final sum
   * @param pathBits of the widest write, final sums included
   */
  void note(String layer, int image, int finalBits, int pathBits);
}
