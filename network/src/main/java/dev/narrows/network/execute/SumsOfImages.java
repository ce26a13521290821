package dev.narrows.network.execute;

/**
 * What is known of each image's sums beforehand, so that layers that a register cannot change are
 * not run again. Threads ask at once.
 */
public interface SumsOfImages {
  /**
   * Whether every sum of an image's layer is exact in a register, provided that the layer's inputs
   * are those of exact execution.
   *
   * @param image by its place among all images
   */
  boolean exact(LayerRegister register, int image);

  /** Nothing is known. */
  static SumsOfImages unknown() {
    return (_, _) -> false;
  }
}
